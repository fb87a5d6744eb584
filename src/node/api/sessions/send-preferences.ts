import { partyOfSession } from '../../../domain/ids.ts';
import { takesPreferences } from '../../../domain/preferences.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { readChargingPreferences, type WireChargingPreferences } from '../../../ocpi/sessions/charging-preferences.ts';
import { hasOwner } from '../../../roles/cpo/session.ts';
import type { Roles } from '../../compose/compose.ts';
import type { OwnAnswer } from '../../cpo/own-preferences.ts';
import type { ForwardedPreferences } from '../../exchanges/forward-preferences.ts';
import { declined, type Refusal, refuse } from '../refusal.ts';
import type { PreferredView } from './schemas.ts';
import type { AnySession } from './view-session.ts';

type PreferenceRoles = Pick<Roles, 'cpo' | 'remote' | 'scsp' | 'services'>;
type PartyAnswer = ForwardedPreferences | OwnAnswer;

/** Sends charging preferences of a driver to the CPO and to the SCSP that controls the session, or applies them to our own plan. */
export async function sendPreferences(
  roles: PreferenceRoles,
  session: AnySession,
  preferences: WireChargingPreferences,
): Promise<Result<PreferredView, Refusal>> {
  if (!takesPreferences(session.status)) return declined('REJECTED', `the session is ${session.status}: only an ACTIVE or PENDING session takes preferences`);
  const received = await answersOf(roles, session, preferences);
  const answers = received.flatMap((it) => ('answer' in it ? it.answer : []));
  const answer = answers.find((it) => it === 'ACCEPTED') ?? answers[0];
  if (answer !== undefined) return ok({ session: session.key, answer, said: received.map(viewAnswer) });
  const problems = received.flatMap((it) => ('problem' in it ? `${it.by}: ${it.problem}` : []));
  if (problems.length > 0) return refuse(409, 'NOT_CONNECTED', problems.join('; '));
  return declined(
    'NOT_SUPPORTED',
    `EVSE ${session.evseUid ?? '(unknown)'} is not CHARGING_PREFERENCES_CAPABLE, and no party that uses preferences controls the session`,
  );
}

const viewAnswer = ({ by, ...more }: PartyAnswer): PreferredView['said'][number] => ({
  by,
  ...('answer' in more && { answer: more.answer }),
  ...('problem' in more && { says: more.problem }),
  ...('message' in more && { says: more.message }),
});

/** The answer of each party; empty when no party uses preferences for this session. */
async function answersOf(
  { cpo, remote, scsp, services }: PreferenceRoles,
  session: AnySession,
  preferences: WireChargingPreferences,
): Promise<readonly PartyAnswer[]> {
  const { body, key, receiver } = session;
  if (session.peer === undefined) {
    const preferred = await cpo?.preferences.setPreferences(session, { preferences });
    return preferred && !('refusal' in preferred) ? [preferred] : [];
  }
  if (remote?.preferences && hasOwner(body) && services.readers.isRelayed(session)) return remote.preferences.send({ ...session, body }, preferences);
  return scsp ? [{ by: receiver ?? partyOfSession(key), answer: await scsp.setPreferences(key, readChargingPreferences(preferences)) }] : [];
}
