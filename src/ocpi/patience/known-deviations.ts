import type { Notes } from './notes.ts';
import { isRecord } from './schema.ts';

/** Corrects the deviations that partners show so often that strict partners may show them, too; goes no deeper than the schema. */
export function correctKnown(schema: unknown, value: unknown, notes: Notes): unknown {
  return correct(schema, value, { path: '', notes });
}

interface Place {
  path: string;
  notes: Notes;
}
const inField = ({ path, notes }: Place, name: string): Place => ({ path: path === '' ? name : `${path}.${name}`, notes });

function correct(schema: unknown, value: unknown, place: Place): unknown {
  if (!isRecord(schema)) return value;
  if (Array.isArray(value)) return value.map((it, n) => correct(schema.items, it, { ...place, path: `${place.path}[${n}]` }));
  if (isRecord(value)) return correctObject(schema, schema['x-also-wrapped'] === true ? unwrap(value, place) : value, place);
  // Some peers write coordinates and floor levels as numbers; the standard asks for text.
  if (typeof value === 'number' && schema['x-also-number'] === true) {
    place.notes.add('number-for-text', place.path, value);
    return String(value);
  }
  return typeof value === 'string' ? correctAlias(schema['x-also-read'], value, place) : value;
}

/** Drops known fields that are null: some peers write `"end_date_time": null` instead of leaving the field out. */
function correctObject(schema: Record<string, unknown>, value: Record<string, unknown>, place: Place): Record<string, unknown> {
  const known = isRecord(schema.properties) ? schema.properties : {};
  const kept: [string, unknown][] = [];
  for (const [name, it] of Object.entries(value)) {
    if (!Object.hasOwn(known, name)) kept.push([name, it]);
    else if (it === null) place.notes.add('null-field', inField(place, name).path, it);
    else kept.push([name, correct(known[name], it, inField(place, name))]);
  }
  return Object.fromEntries(kept);
}

/** Some peers wrap a result in the envelope of an answer. */
function unwrap(value: Record<string, unknown>, { path, notes }: Place): Record<string, unknown> {
  if (value.result !== undefined || !isRecord(value.data)) return value;
  notes.add('wrapped-result', path, value);
  return value.data;
}

/** Some peers write RESERVED, as one section of OCPI does, where the enum says RESERVATION. */
function correctAlias(aliases: unknown, value: string, { path, notes }: Place): string {
  const right = isRecord(aliases) && Object.hasOwn(aliases, value) ? aliases[value] : undefined;
  if (typeof right !== 'string') return value;
  notes.add('other-word', path, value);
  return right;
}
