import { exampleOf } from './example.ts';
import type { PatienceKind } from './kinds.ts';
import type { Oddity } from './ledger.ts';
import type { Fields, Rule, Rules, StationFacts } from './rules.ts';
import { readScalar, type ScalarSchema } from './scalars.ts';
import { foldWord } from './words.ts';

/** A JSON schema of OCPP; only the keywords that the official schemas use. */
export interface Schema extends ScalarSchema {
  $ref?: string;
  definitions?: Readonly<Record<string, Schema>>;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: boolean;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
}

/** The message that is repaired: its name, schema, rules, and what is known about its station. */
export interface Repair {
  /** The action, for examples. */
  action: string;
  schema: Schema;
  rules: Rules;
  facts: StationFacts;
}

/** A message as the node uses it. With a `refusal` its purpose cannot be served; `value` then holds what was understood. */
export interface Repaired {
  value: Fields;
  oddities: readonly Oddity[];
  refusal?: string;
}

/** What could be read of a value: `usable` is false when the value cannot be used. */
interface Taken {
  value: unknown;
  usable: boolean;
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const LOST: Taken = { value: undefined, usable: false };

/** Repairs a message field by field: what cannot be understood costs the field, never the message, unless a rule needs that field. */
export function repair(payload: unknown, message: Repair): Repaired {
  const value = isFields(payload) ? payload : {};
  const walk = new Walk(message, value);
  if (value !== payload) walk.note('no-payload', '', payload);
  const taken = walk.object(message.schema, value, '');
  const { refusal } = walk;
  return { value: isFields(taken.value) ? taken.value : {}, oddities: walk.oddities, ...(!taken.usable && refusal !== undefined && { refusal }) };
}

class Walk {
  readonly oddities: Oddity[] = [];
  /** The reason of the last field that was needed and not there. */
  refusal: string | undefined;
  readonly #message: Repair;
  readonly #root: Fields;

  constructor(message: Repair, root: Fields) {
    this.#message = message;
    this.#root = root;
  }

  note(kind: PatienceKind, path: string, value: unknown): void {
    const { action } = this.#message;
    this.oddities.push({ kind, example: exampleOf(kind, path === '' ? action : `${action}.${path}`, value) });
  }

  object(schema: Schema, fields: Fields, path: string): Taken {
    const { properties = {}, required = [] } = schema;
    const names = this.#namesIn(fields, schema, path);
    const value: Record<string, unknown> = schema.additionalProperties === false ? {} : { ...fields };
    let usable = true;
    for (const [name, property] of Object.entries(properties)) {
      const key = names.get(name);
      const inside = path === '' ? name : `${path}.${name}`;
      const raw = key === undefined ? undefined : fields[key];
      const field = this.#field(property, raw, { path: inside, isRequired: required.includes(name), holder: fields });
      if (!field.usable) usable = false;
      if (field.value !== undefined) value[name] = field.value;
    }
    return { value, usable };
  }

  /** The key of each property in what was sent, and a note for each other key. */
  #namesIn(fields: Fields, { properties = {}, additionalProperties }: Schema, path: string): ReadonlyMap<string, string> {
    const names = new Map(Object.keys(properties).flatMap((name) => (Object.hasOwn(fields, name) ? [[name, name]] : [])));
    if (additionalProperties !== false) return names;
    const byFold = new Map(Object.keys(properties).map((name) => [foldWord(name), name]));
    for (const key of Object.keys(fields)) {
      if (Object.hasOwn(properties, key)) continue;
      const meant = byFold.get(foldWord(key));
      const isTaken = meant !== undefined && !names.has(meant);
      if (isTaken) names.set(meant, key);
      this.note(isTaken ? 'field-in-other-case' : 'unknown-field', path, fields[key]);
    }
    return names;
  }

  #field(schema: Schema, raw: unknown, at: { path: string; isRequired: boolean; holder: Fields }): Taken {
    const { path, isRequired, holder } = at;
    const { rules, facts } = this.#message;
    const rule = rules[path];
    const isAbsent = raw === undefined || this.#isEmpty(schema, raw, rule);
    if (raw !== undefined && isAbsent) this.note('null-field', path, raw);
    const taken = isAbsent ? LOST : this.value(schema, raw, path);
    if (taken.usable) return taken;
    const neutral = rule?.instead?.(holder, facts, this.#root);
    if (raw === undefined && isRequired) this.note('missing-field', path, raw);
    if (neutral !== undefined) return { value: neutral, usable: true };
    if (rule?.needed !== undefined) this.refusal = rule.needed;
    const usable = rule?.needed === undefined && !(rule?.distorts && !isAbsent);
    return { value: usable ? undefined : (taken.value ?? raw), usable };
  }

  /** Null is absent everywhere, and empty text where the standard wants something else than free text. */
  #isEmpty(schema: Schema, value: unknown, rule: Rule | undefined): boolean {
    if (value === null) return true;
    const { type, enum: words, format } = this.#resolve(schema);
    return value === '' && !rule?.anything && (type !== 'string' || words !== undefined || format !== undefined) && type !== undefined;
  }

  value(stated: Schema, value: unknown, path: string): Taken {
    const schema = this.#resolve(stated);
    const rule = this.#message.rules[path];
    if (rule?.anything) return { value, usable: true };
    if (schema.type === 'array') return this.#list(schema, value, path);
    if (schema.type === 'object') return this.#inner(schema, value, path);
    const [only, ...others] = Array.isArray(value) ? value : [];
    if (only !== undefined && others.length === 0 && !Array.isArray(only)) {
      this.note('one-for-list', path, value);
      return this.value(schema, only, path);
    }
    const read = readScalar(schema, value, rule);
    if (read.odd) this.note(read.odd, path, value);
    return { value: read.value, usable: 'value' in read };
  }

  #inner(schema: Schema, value: unknown, path: string): Taken {
    if (isFields(value)) return this.object(schema, value, path);
    const [only, ...others] = Array.isArray(value) ? value : [];
    const made = isFields(only) && others.length === 0 ? only : this.#madeFromText(value, path);
    this.note(made ? 'one-for-list' : 'wrong-type', path, value);
    return made ? this.object(schema, made, path) : LOST;
  }

  #madeFromText(value: unknown, path: string): Fields | undefined {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    return this.#message.rules[path]?.fromText?.(String(value));
  }

  #list({ items = {}, minItems = 0, maxItems = Infinity }: Schema, value: unknown, path: string): Taken {
    const { complete } = this.#message.rules[path] ?? {};
    if (!Array.isArray(value)) this.note('one-for-list', path, value);
    const stated: unknown[] = Array.isArray(value) ? value : [value];
    const read = stated.map((it) => (it === null ? LOST : this.value(items, it, path)));
    read.forEach(({ usable }, index) => {
      if (!usable) this.note('broken-element', path, stated[index]);
    });
    const elements = read.flatMap(({ value: element, usable }) => (usable ? [element] : []));
    if (elements.length > maxItems) this.note('long-list', path, value);
    const isLost = elements.length < minItems || (complete && (elements.length < stated.length || elements.length > maxItems));
    return isLost ? { value, usable: false } : { value: elements.slice(0, maxItems), usable: true };
  }

  #resolve(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const { definitions = {} } = this.#message.schema;
    return this.#resolve(definitions[schema.$ref.replace('#/definitions/', '')] ?? {});
  }
}
