import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { parseMoment } from '../domain/moment.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { Schema } from './patience/repair.ts';
import { STRICT_TIME } from './patience/scalars.ts';
import type { OcppVersion } from './station.ts';

/** The kind of a schema violation; each version of OCPP has its own error code for it. */
export type ViolationKind = 'format' | 'type' | 'occurrence' | 'property';

/** The first schema violation of a payload; `problem` names the field and what is allowed. */
export interface SchemaViolation {
  kind: ViolationKind;
  problem: string;
}

/** The official JSON schemas of one version of OCPP, each compiled at its first use. */
export interface SchemaSet {
  /** Whether the version has a message of that name, such as `BootNotificationRequest`. */
  knows(name: string): boolean;
  /**
   * Returns the payload as its type; fails with the first violation, and throws for an unknown name.
   * Removes unknown fields from the payload, and null fields if it is invalid with them.
   */
  check<T>(name: string, payload: unknown): Result<T, SchemaViolation>;
  /** Whether the payload fits the official schema exactly; changes nothing. Throws for an unknown name. */
  fits(name: string, payload: unknown): boolean;
  /** The official schema of a message; throws for an unknown name. */
  schemaOf(name: string): Schema;
}

const opened = new Map<OcppVersion, Promise<SchemaSet>>();

/** Opens the schemas of a version. They are shared by the whole process, because compiling one takes milliseconds. */
export function openSchemas(version: OcppVersion): Promise<SchemaSet> {
  const known = opened.get(version);
  if (known) return known;
  const opening = loadSchemas(version).then(compileOnDemand);
  opened.set(version, opening);
  return opening;
}

// The main entry point of the package compiles all 387 schemas at once (2.9 s, 300 MB); these files only contain them.
async function loadSchemas(version: OcppVersion): Promise<Map<string, Schema>> {
  const file =
    version === '1.6'
      ? import('typed-ocpp/dist/ocpp16/schemas.js')
      : version === '2.0.1'
        ? import('typed-ocpp/dist/ocpp20/schemas.js')
        : import('typed-ocpp/dist/ocpp21/schemas.js');
  const schemas: Record<string, unknown> = { ...(await file) };
  return new Map(Object.entries(schemas).flatMap(([name, schema]) => (typeof schema === 'object' && schema !== null ? [[name, schema]] : [])));
}

const common = {
  strict: false,
  validateSchema: false,
  addUsedSchema: false,
  // Some stations use 32-bit floats, in which a limit of 8.1 becomes 8.100000381.
  multipleOfPrecision: 1,
} as const;

function compileOnDemand(schemas: Map<string, Schema>): SchemaSet {
  const schemaOf = (name: string) => {
    const schema = schemas.get(name);
    if (!schema) throw new Error(`no schema ${name}`);
    return schema;
  };
  // Some stations add fields of their own; these are removed instead of refused.
  const tolerant = new Ajv({ ...common, removeAdditional: true, formats: { 'date-time': (text: string) => parseMoment(text) !== undefined, uri: true } });
  const exact = new Ajv({
    ...common,
    formats: { 'date-time': (text: string) => STRICT_TIME.test(text) && parseMoment(text) !== undefined, uri: true },
  });
  const validators = (ajv: Ajv) => {
    const compiled = new Map<string, ValidateFunction>();
    return (name: string) => {
      const known = compiled.get(name) ?? ajv.compile(schemaOf(name));
      compiled.set(name, known);
      return known;
    };
  };
  const [tolerated, exactly] = [validators(tolerant), validators(exact)];
  return {
    knows: (name) => schemas.has(name),
    check: (name, payload) => check(tolerated(name), payload),
    fits: (name, payload) => exactly(name)(payload),
    schemaOf,
  };
}

function check<T>(validate: ValidateFunction, payload: unknown): Result<T, SchemaViolation> {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return fail({ kind: 'format', problem: 'payload is not an object' });
  // Some stations write `null` instead of leaving a field out. Nulls are only removed when the payload violates its schema.
  if (!validate(payload) && !validate(withoutNulls(payload, 8))) return fail(toViolation(validate.errors?.[0]));
  return ok(payload as T); // The schema has just been checked, and the types of typed-ocpp are generated from the same schemas.
}

function withoutNulls(value: object, depth: number): object {
  for (const [key, inner] of Object.entries(value)) {
    if (inner === null && !Array.isArray(value)) Reflect.deleteProperty(value, key);
    else if (depth > 0 && typeof inner === 'object' && inner !== null) withoutNulls(inner, depth - 1);
  }
  return value;
}

function toViolation(error: ErrorObject | undefined): SchemaViolation {
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
