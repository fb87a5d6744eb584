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

/** Says how a driver wants a session to charge: to the CPO and the SCSP that steers it, or to our own plan where we steer it. */
export async function preferSession(
  roles: Pick<Roles, 'cpo' | 'remote' | 'scsp' | 'services'>,
  session: AnySession,
  preferences: WireChargingPreferences,
): Promise<Result<PreferredView, Refusal>> {
  if (!takesPreferences(session.status)) return declined('REJECTED', `the session is ${session.status}, only one that is under way takes preferences`);
  const said = await tell(roles, session, preferences);
  const answers = said.flatMap((it) => ('answer' in it ? it.answer : []));
  const [first = answers[0]] = answers.filter((it) => it === 'ACCEPTED');
  if (first !== undefined) return ok({ session: session.key, answer: first, said: said.map(viewOf) });
  const problems = said.flatMap((it) => ('problem' in it ? `${it.by}: ${it.problem}` : []));
  if (problems.length > 0) return refuse(409, 'NOT_CONNECTED', problems.join('; '));
  return declined(
    'NOT_SUPPORTED',
    `EVSE ${session.evseUid ?? 'not known yet'} is not CHARGING_PREFERENCES_CAPABLE, and nobody who goes by preferences steers the session`,
  );
}

const viewOf = ({ by, ...more }: ForwardedPreferences | OwnAnswer): PreferredView['said'][number] => ({
  by,
  ...('answer' in more && { answer: more.answer }),
  ...('problem' in more && { says: more.problem }),
  ...('message' in more && { says: more.message }),
});

/** What each said; none: there is nobody to tell. */
async function tell(
  { cpo, remote, scsp, services }: Pick<Roles, 'cpo' | 'remote' | 'scsp' | 'services'>,
  session: AnySession,
  preferences: WireChargingPreferences,
): Promise<readonly (ForwardedPreferences | OwnAnswer)[]> {
  const { body, key, receiver } = session;
  if (session.peer === undefined) {
    const preferred = await cpo?.preferences.setPreferences(session, { preferences });
    return preferred && !('refusal' in preferred) ? [preferred] : [];
  }
  if (remote?.preferences && hasOwner(body) && services.readers.isRelayed(session)) return remote.preferences.send({ ...session, body }, preferences);
  return scsp ? [{ by: receiver ?? partyOfSession(key), answer: await scsp.setPreferences(key, readChargingPreferences(preferences)) }] : [];
}
