import { Ajv, type ValidateFunction } from 'ajv';
import type { OcppVersion } from '../../src/ocpp/station.ts';

/** What was wrong with a payload, as a CALLERROR says it. */
export interface Breach {
  code: string;
  description: string;
}

/** The schemas take long to load, so each version's come with its first station. */
const LIBRARIES: Record<OcppVersion, () => Promise<object>> = {
  '1.6': () => import('typed-ocpp/dist/ocpp16/schemas.js'),
  '2.0.1': () => import('typed-ocpp/dist/ocpp20/schemas.js'),
  '2.1': () => import('typed-ocpp/dist/ocpp21/schemas.js'),
};

// Limits such as 8.1 are no whole multiple of 0.1 in binary, hence the precision.
const ajv = new Ajv({ strict: false, multipleOfPrecision: 3, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/ } });
const compiled = new Map<string, ValidateFunction>();

/** Checks one payload, such as `SetChargingProfileRequest`, against the official schema; `undefined` when all is well or there is no such message. */
export async function breachOf(version: OcppVersion, message: string, payload: unknown): Promise<Breach | undefined> {
  const name = `${version} ${message}`;
  const validate = compiled.get(name) ?? (await compile(version, message));
  if (!validate) return undefined;
  compiled.set(name, validate);
  return validate(payload) ? undefined : describe(version, validate);
}

/** Whether the version has an action of that name at all. */
export async function knowsAction(version: OcppVersion, action: string): Promise<boolean> {
  return `${action}Request` in (await LIBRARIES[version]());
}

async function compile(version: OcppVersion, message: string): Promise<ValidateFunction | undefined> {
  const schema = new Map<string, unknown>(Object.entries(await LIBRARIES[version]())).get(message);
  return typeof schema === 'object' && schema !== null ? ajv.compile(schema) : undefined;
}

function describe(version: OcppVersion, { errors }: ValidateFunction): Breach {
  const [first] = errors ?? [];
  return { code: codeOf(version, first?.keyword), description: `${first?.instancePath || 'payload'} ${first?.message ?? ''}`.slice(0, 255) };
}

function codeOf(version: OcppVersion, keyword: string | undefined): string {
  const old = version === '1.6';
  if (keyword === 'type') return 'TypeConstraintViolation';
  if (keyword === 'required' || keyword === 'minItems' || keyword === 'maxItems') return old ? 'OccurenceConstraintViolation' : 'OccurrenceConstraintViolation'; // OCPP 1.6 spells it so
  if (keyword === 'additionalProperties') return old ? 'FormationViolation' : 'FormatViolation';
  return 'PropertyConstraintViolation';
}
