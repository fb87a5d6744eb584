import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { parseMoment } from '../domain/moment.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { OcppVersion } from './station.ts';

/** How a payload misses its schema; each version of OCPP has its own name for each kind. */
export type FaultKind = 'format' | 'type' | 'occurrence' | 'property';

/** What is wrong with a payload, the field named. */
export interface Fault {
  kind: FaultKind;
  problem: string;
}

/** The official schemas of one version, compiled when first asked for. */
export interface SchemaBook {
  /** Whether the version has a message of that name, such as `BootNotificationRequest`. */
  knows(name: string): boolean;
  /** The payload as its type, or the first thing that is wrong with it. Unknown and null fields are taken out of the payload. */
  check<T>(name: string, payload: unknown): Result<T, Fault>;
}

const books = new Map<OcppVersion, Promise<SchemaBook>>();

/** Opens the schemas of a version once for the process: they are constants, and compiling one takes milliseconds. */
export function openBook(version: OcppVersion): Promise<SchemaBook> {
  const known = books.get(version);
  if (known) return known;
  const opening = loadSchemas(version).then(bindBook);
  books.set(version, opening);
  return opening;
}

// The files of schemas alone: the package's main door compiles all 387 of them at once (2.9 s, 300 MB).
async function loadSchemas(version: OcppVersion): Promise<Map<string, object>> {
  const file =
    version === '1.6'
      ? import('typed-ocpp/dist/ocpp16/schemas.js')
      : version === '2.0.1'
        ? import('typed-ocpp/dist/ocpp20/schemas.js')
        : import('typed-ocpp/dist/ocpp21/schemas.js');
  const schemas: Record<string, unknown> = { ...(await file) };
  return new Map(Object.entries(schemas).flatMap(([name, schema]) => (typeof schema === 'object' && schema !== null ? [[name, schema]] : [])));
}

function bindBook(schemas: Map<string, object>): SchemaBook {
  const ajv = new Ajv({
    strict: false,
    validateSchema: false,
    addUsedSchema: false,
    // Stations add fields of their own: taken out, not refused.
    removeAdditional: true,
    // A limit of 8.1 that went through a 32-bit float comes as 8.100000381.
    multipleOfPrecision: 1,
    formats: { 'date-time': (text: string) => parseMoment(text) !== undefined, uri: true },
  });
  const compiled = new Map<string, ValidateFunction>();
  const validator = (name: string) => {
    const known = compiled.get(name);
    if (known) return known;
    const schema = schemas.get(name);
    if (!schema) throw new Error(`no schema ${name}`);
    const fresh = ajv.compile(schema);
    compiled.set(name, fresh);
    return fresh;
  };
  return { knows: (name) => schemas.has(name), check: (name, payload) => check(validator(name), payload) };
}

function check<T>(validate: ValidateFunction, payload: unknown): Result<T, Fault> {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return fail({ kind: 'format', problem: 'payload is not an object' });
  // Some stations write `null` for a field that they leave out; only a payload that does not fit is searched for it.
  if (!validate(payload) && !validate(withoutNulls(payload, 8))) return fail(toFault(validate.errors?.[0]));
  return ok(payload as T); // The schema has just shown that it is one: typed-ocpp's types are made from the same files.
}

function withoutNulls(value: object, depth: number): object {
  for (const [key, inner] of Object.entries(value)) {
    if (inner === null && !Array.isArray(value)) Reflect.deleteProperty(value, key);
    else if (depth > 0 && typeof inner === 'object' && inner !== null) withoutNulls(inner, depth - 1);
  }
  return value;
}

function toFault(error: ErrorObject | undefined): Fault {
  const field = error?.instancePath.slice(1).replaceAll('/', '.') || 'payload';
  const allowed: unknown = error?.params.allowedValues;
  const problem = `${field} ${error?.message ?? 'does not fit'}${Array.isArray(allowed) ? `: ${allowed.join(', ')}` : ''}`;
  switch (error?.keyword) {
    case 'type':
      return { kind: 'type', problem };
    case 'required':
    case 'minItems':
    case 'maxItems':
      return { kind: 'occurrence', problem };
    default:
      return { kind: 'property', problem };
  }
}
