import { fail, ok } from '../../domain/result.ts';
import type { SchemaSet, SchemaViolation } from '../schema.ts';
import type { OcppVersion } from '../station.ts';
import type { Oddity } from './ledger.ts';
import { repair } from './repair.ts';
import { rulesOf, type StationFacts } from './rules.ts';

/** What reads the messages of one station. */
export interface PatientReading {
  version: OcppVersion;
  facts: StationFacts;
  note(oddity: Oddity): void;
}

/**
 * Schemas that read what a station means. A message that fits its official schema is returned as it is; any other is repaired field by
 * field, and each oddity is noted. Fails only when the purpose of the message cannot be served.
 */
export function patientSchemas(official: SchemaSet, { version, facts, note }: PatientReading): SchemaSet {
  return {
    ...official,
    check: <T>(name: string, payload: unknown) => {
      if (official.fits(name, payload)) return ok(payload as T); // It has just been checked, and the types are generated from the schemas.
      const action = name.replace(/(Request|Response)$/, '');
      const repaired = repair(payload, { action, schema: official.schemaOf(name), rules: rulesOf(version, name), facts });
      repaired.oddities.forEach(note);
      const { value, refusal } = repaired;
      return refusal === undefined ? ok(value as T) : fail(violationOf(official, { name, value, refusal }));
    },
  };
}

/** The first violation of the official schema in what was understood, and why it matters. */
function violationOf(official: SchemaSet, { name, value, refusal }: { name: string; value: object; refusal: string }): SchemaViolation {
  const checked = official.check(name, value);
  return checked.ok ? { kind: 'property', problem: refusal } : { ...checked.problem, problem: `${checked.problem.problem}: ${refusal}` };
}
