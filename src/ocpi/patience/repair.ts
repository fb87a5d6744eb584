import type { Notes } from './notes.ts';
import { fits, readScalar } from './read-scalar.ts';
import { isRecord, type Known, looseForm } from './schema.ts';

/** What is known about a message besides its body. */
export interface Received {
  notes: Notes;
  /** The parameters of the URL. */
  url: Readonly<Record<string, unknown>>;
  /** As a DateTime of OCPI; undefined when nobody knows. */
  at: string | undefined;
}
interface Place {
  path: string;
  exact: boolean;
  received: Received;
}

/** A value after the repair; when it is not usable, its broken parts stand where they were. */
export interface Repaired {
  usable: boolean;
  value: unknown;
}
type Schema = Readonly<Record<string, unknown>>;

/** Repairs a value field by field, as far as its schema allows; what cannot be understood costs the field. */
export const repair = (schema: unknown, value: unknown, received: Received): Repaired => repairAt(schema, value, { path: '', exact: false, received });

function repairAt(schema: unknown, value: unknown, place: Place): Repaired {
  if (!isRecord(schema)) return { usable: true, value };
  const at = schema['x-exact'] === true ? { ...place, exact: true } : place;
  if (schema.type === 'object') return isRecord(value) ? repairObject(schema, value, at) : { usable: false, value };
  if (schema.type === 'array') return repairList(schema, value, at);
  if (fits(schema, value)) return { usable: true, value };
  const read = readScalar(schema, value, at.exact);
  if (read === undefined) return { usable: false, value };
  at.received.notes.add(read.kind, at.path, value);
  return { usable: true, value: read.value };
}

function repairList(schema: Schema, value: unknown, place: Place): Repaired {
  const { exact, received } = place;
  if (!Array.isArray(value)) return exact || !isRecord(value) ? { usable: false, value } : repairSingle(schema, value, place);
  const kept: unknown[] = [];
  let usable = true;
  for (const [n, element] of value.entries()) {
    const path = `${place.path}[${n}]`;
    const before = received.notes.length;
    const repaired = repairAt(schema.items, element, { ...place, path });
    if (repaired.usable || exact) {
      kept.push(repaired.value);
      usable &&= repaired.usable;
      continue;
    }
    received.notes.backTo(before);
    received.notes.add(element === null ? 'null-in-list' : 'broken-in-list', path, element);
  }
  return usable && sizeFits(schema, kept) ? { usable: true, value: kept } : { usable: false, value: usable ? value : kept };
}

function repairSingle(schema: Schema, value: unknown, place: Place): Repaired {
  const repaired = repairAt(schema.items, value, { ...place, path: `${place.path}[0]` });
  if (!repaired.usable) return { usable: false, value };
  place.received.notes.add('single-for-list', place.path, value);
  return { usable: true, value: [repaired.value] };
}

/** Whether a list has neither too few nor too many elements, and fits the rule that its schema adds. */
function sizeFits(schema: Schema, list: readonly unknown[]): boolean {
  if (typeof schema.minItems === 'number' && list.length < schema.minItems) return false;
  if (typeof schema.maxItems === 'number' && list.length > schema.maxItems) return false;
  return !('~refine' in schema) || fits(schema, list);
}

function repairObject(schema: Schema, given: Record<string, unknown>, place: Place): Repaired {
  const known: Schema = isRecord(schema.properties) ? schema.properties : {};
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const needed: readonly unknown[] = Array.isArray(schema['x-needed']) ? schema['x-needed'] : [];
  const fields = withKnownNames(known, given, place);
  const open: [name: string, found: unknown][] = [];
  let usable = true;
  for (const [name, inner] of Object.entries(known)) {
    const isRequired = required.includes(name);
    const found = fields[name];
    if (found === undefined) {
      if (isRequired) open.push([name, found]);
      continue;
    }
    const before = place.received.notes.length;
    const repaired = repairAt(inner, found, { ...place, path: fieldPath(place, name) });
    fields[name] = repaired.value;
    if (repaired.usable) continue;
    if (place.exact || needed.includes(name)) usable = false;
    else {
      place.received.notes.backTo(before);
      if (isRequired) open.push([name, found]);
      else dropField(fields, name, place);
    }
  }
  return { usable: fillIn(schema, { fields, open }, place) && usable, value: fields };
}

const fieldPath = ({ path }: Place, name: string) => (path === '' ? name : `${path}.${name}`);

function dropField(fields: Record<string, unknown>, name: string, place: Place): void {
  place.received.notes.add('broken-field', fieldPath(place, name), fields[name]);
  delete fields[name];
}

/** Gives required fields that are missing or broken their neutral values; false when one has none. */
function fillIn(schema: Schema, { fields, open }: { fields: Record<string, unknown>; open: readonly [string, unknown][] }, place: Place): boolean {
  const neutrals: Schema = isRecord(schema['x-neutral']) ? schema['x-neutral'] : {};
  const { url, at, notes } = place.received;
  let complete = true;
  for (const [name, found] of open) {
    const siblings = Object.fromEntries(Object.entries(fields).filter(([it]) => !open.some(([missing]) => missing === it)));
    const known: Known = { siblings, url: place.path === '' || schema['x-named-by-url'] === true ? url : {}, receivedAt: at, found };
    const neutral = place.exact ? undefined : neutrals[name];
    const value: unknown = typeof neutral === 'function' ? neutral(known) : neutral;
    if (value === undefined) {
      complete = false;
      continue;
    }
    notes.add(found === undefined ? 'missing-field' : 'broken-field', fieldPath(place, name), found);
    fields[name] = value;
  }
  return complete;
}

/** A copy of an object in which known fields have the names of the standard: some partners write evseUid or EVSE_UID. */
function withKnownNames(known: Schema, given: Record<string, unknown>, place: Place): Record<string, unknown> {
  const fields = { ...given };
  const missing = Object.keys(known).filter((name) => !Object.hasOwn(given, name));
  if (missing.length === 0) return fields;
  const byForm = new Map(missing.map((name) => [looseForm(name), name]));
  for (const name of Object.keys(given)) {
    const right = Object.hasOwn(known, name) || name.length > 64 ? undefined : byForm.get(looseForm(name));
    if (right === undefined || Object.hasOwn(fields, right)) continue;
    fields[right] = fields[name];
    delete fields[name];
    place.received.notes.add('odd-name', fieldPath(place, right), fields[right]);
  }
  return fields;
}
