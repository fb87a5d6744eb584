import { Ajv, type ValidateFunction } from 'ajv';
import type { OcppVersion } from '../../src/ocpp/station.ts';

/** A schema violation as the code and description of a CALLERROR. */
export interface SchemaViolation {
  code: string;
  description: string;
}

/** The official schemas by version, loaded at the first use because loading takes long. */
const LIBRARIES: Record<OcppVersion, () => Promise<object>> = {
  '1.6': () => import('typed-ocpp/dist/ocpp16/schemas.js'),
  '2.0.1': () => import('typed-ocpp/dist/ocpp20/schemas.js'),
  '2.1': () => import('typed-ocpp/dist/ocpp21/schemas.js'),
};

// In binary, a limit such as 8.1 is not an exact multiple of 0.1.
const ajv = new Ajv({
  strict: false,
  multipleOfPrecision: 3,
  formats: { uri: true, 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/ },
});
const compiled = new Map<string, ValidateFunction>();

/** Checks a payload, such as `SetChargingProfileRequest`, against the official schema; undefined when it is valid or the version has no such message. */
export async function violationOf(version: OcppVersion, message: string, payload: unknown): Promise<SchemaViolation | undefined> {
  const name = `${version} ${message}`;
  const validate = compiled.get(name) ?? (await compile(version, message));
  if (!validate) return undefined;
  compiled.set(name, validate);
  return validate(payload) ? undefined : describe(version, validate);
}

/** Whether a version of OCPP has an action of this name. */
export async function knowsAction(version: OcppVersion, action: string): Promise<boolean> {
  return `${action}Request` in (await LIBRARIES[version]());
}

async function compile(version: OcppVersion, message: string): Promise<ValidateFunction | undefined> {
  const schema = new Map<string, unknown>(Object.entries(await LIBRARIES[version]())).get(message);
  return typeof schema === 'object' && schema !== null ? ajv.compile(schema) : undefined;
}

function describe(version: OcppVersion, { errors }: ValidateFunction): SchemaViolation {
  const [first] = errors ?? [];
  return { code: codeOf(version, first?.keyword), description: `${first?.instancePath || 'payload'} ${first?.message ?? ''}`.slice(0, 255) };
}

function codeOf(version: OcppVersion, keyword: string | undefined): string {
  const isV16 = version === '1.6';
  if (keyword === 'type') return 'TypeConstraintViolation';
  // `Occurence` is spelled as in OCPP-J 1.6 §4.2.3.
  if (keyword === 'required' || keyword === 'minItems' || keyword === 'maxItems')
    return isV16 ? 'OccurenceConstraintViolation' : 'OccurrenceConstraintViolation';
  if (keyword === 'additionalProperties') return isV16 ? 'FormationViolation' : 'FormatViolation';
  return 'PropertyConstraintViolation';
}
