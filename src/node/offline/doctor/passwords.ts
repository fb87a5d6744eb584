import type { Config } from '../../config/config.ts';
import { advised, type Finding, passed } from './finding.ts';

/** OCPP asks for passwords of at least this length (OCPP 2.0.1 A00.FR.205). */
const SHORTEST = 16;
/** Charge points that one finding names. */
const MOST_NAMED = 5;

/** Names the charge points whose password is easy to guess. The configuration allows 8 characters, because some charge points take no more. */
export function checkPasswords({ charge_points, ocpp }: Config): readonly Finding[] {
  const passwords = charge_points.flatMap(({ id, password }) => (password === undefined ? [] : [{ id, length: password.length }]));
  if (passwords.length === 0 || ocpp?.security_profile === 3) return [];
  const short = passwords.filter(({ length }) => length < SHORTEST).map(({ id }) => id);
  if (short.length === 0) return [passed('passwords', `each charge point has one of ${SHORTEST} characters or more`)];
  const more = short.length > MOST_NAMED ? ` and ${short.length - MOST_NAMED} more` : '';
  const advice = `set a random one of ${SHORTEST} to 40 characters at the charge point and under charge_points`;
  return [advised('passwords', `${short.slice(0, MOST_NAMED).join(', ')}${more}: shorter than ${SHORTEST} characters, so easier to guess; ${advice}`)];
}
