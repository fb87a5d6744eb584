import { typedId } from '../../../domain/id-prefix.ts';
import type { PartyKey } from '../../../domain/ids.ts';
import { asSessionKey, fold } from '../../../domain/ids.ts';
import { keyOf } from '../../../domain/party.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { pickSession, sessionLabel } from '../../../domain/session-name.ts';
import type { OwnSession, Progress } from '../../../roles/cpo/session.ts';
import { isRunning, newestSession, runningAtEvseId, runningAtPlace, sessionByKey, sessionsByFoldedId, sessionsByPrefix } from '../../../store/sql/session.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { MOST_ALIKE, MOST_SEARCHED } from '../lists.ts';
import { ambiguous, quote, type Refusal, refuse } from '../refusal.ts';
import type { AnySession } from './view-session.ts';

/** The parties whose customers' sessions the operator may see. An SCSP controls sessions of other parties' customers, so it sees all. */
export const visibleParties = ({ parties }: Pick<Config, 'parties'>): readonly PartyKey[] | 'all' =>
  parties.some((it) => it.role === 'SCSP') ? 'all' : parties.filter((it) => it.role === 'EMSP').map(keyOf);

/** Finds the sessions that the operator may see: at its own charge points, and of customers of its parties (SEC-15). */
export interface SessionFinder {
  parties: readonly PartyKey[] | 'all';
  isVisible(session: AnySession): boolean;
  /** By `NL*EVK*ID`, by the bare id when only one session has it, or by a beginning of either that one of the newest sessions has (F-78). */
  find(name: string): Promise<Result<AnySession, Refusal>>;
  /** As `find`; also by an EVSE or a charge point with one running session. A name with two meanings is refused. */
  named(name: string): Promise<Result<AnySession, Refusal>>;
}

/** How a message names a session. */
const labelOf = ({ key, evseUid, body }: AnySession): string => sessionLabel({ key, id: body.id, evseUid: evseUid ?? body.evse_uid });
/** Most sessions that a message names. */
const MOST_NAMED = 5;

export function createSessionFinder({ store, config }: Pick<Context, 'store' | 'config'>, { cpo, remote }: Pick<Roles, 'cpo' | 'remote'>): SessionFinder {
  const parties = visibleParties(config);
  const isOurCustomer = (party: PartyKey | undefined) => parties === 'all' || (party !== undefined && parties.includes(party));
  const isVisible = ({ peer, tokenParty }: AnySession) => (peer === undefined ? cpo !== undefined : remote !== undefined && isOurCustomer(tokenParty));

  async function find(name: string): Promise<Result<AnySession, Refusal>> {
    const whole = await store.first(sessionByKey<OwnSession, Progress>(asSessionKey(fold(name))));
    const byId = (whole ? [whole] : await store.all(sessionsByFoldedId<OwnSession, Progress>(fold(name)))).filter(isVisible);
    const [session, ...others] = byId.length > 0 ? byId : await byPrefix(fold(typedId(name)));
    if (!session) return refuse(404, 'NOT_FOUND', `no session ${quote(name)} of a party that this node acts for`);
    if (others.length === 0) return ok(session);
    const keys = [session, ...others].map((it) => it.key).sort();
    if (byId.length === 0) return ambiguous('session', 'sessions', { typed: name, ids: keys });
    const refusal = refuse(409, 'AMBIGUOUS', `${keys.length} sessions have the id ${quote(name)}: use one of ${keys.join(', ')}`);
    return { ...refusal, problem: { ...refusal.problem, field: 'session', allowed: keys.join(', ') } };
  }

  async function named(name: string): Promise<Result<AnySession, Refusal>> {
    const wanted = fold(typedId(name));
    const [byKey, byId, atPlace, atEvseId, beginning] = await Promise.all([
      store.all(sessionByKey<OwnSession, Progress>(asSessionKey(wanted))),
      store.all(sessionsByFoldedId<OwnSession, Progress>(wanted)),
      store.all(runningAtPlace<OwnSession, Progress>(wanted, MOST_ALIKE)),
      wanted.includes('*') ? store.all(runningAtEvseId<OwnSession, Progress>(wanted, MOST_ALIKE)) : [],
      byPrefix(wanted),
    ]);
    const withNames = (evseId?: string) => (it: AnySession) => ({
      key: it.key,
      id: it.body.id,
      isRunning: isRunning(it.status),
      evseUid: it.evseUid ?? it.body.evse_uid,
      evseId,
      station: it.station,
      session: it,
    });
    // The last of equal sessions counts, so the one with the EVSE ID comes last.
    const all = [...[...byKey, ...byId, ...atPlace, ...beginning].map(withNames()), ...atEvseId.map(withNames(wanted))];
    const picked = pickSession(
      name,
      all.filter(({ session }) => isVisible(session)),
    );
    if (picked.is === 'ONE') return ok(picked.session.session);
    return picked.is === 'NONE'
      ? refuseUnknown(config, name)
      : refuseSeveral(
          name,
          picked.sessions.map(({ session }) => session),
        );
  }

  /** Among the newest sessions, those whose id or key begins with this text. */
  async function byPrefix(prefix: string): Promise<readonly AnySession[]> {
    if (prefix === '') return [];
    const floor = Math.max(0, ((await store.first(newestSession)) ?? 0) - MOST_SEARCHED);
    return (await store.all(sessionsByPrefix<OwnSession, Progress>(prefix, floor, MOST_ALIKE))).filter(isVisible);
  }

  return { parties, isVisible, find, named };
}

function refuseSeveral(name: string, sessions: readonly AnySession[]) {
  const keys = sessions.map(({ key }) => key).join(', ');
  const labels = sessions.slice(0, MOST_NAMED).map(labelOf).join(', ');
  const more = sessions.length > MOST_NAMED ? ', …' : '';
  const refusal = refuse(409, 'AMBIGUOUS', `${quote(name)} can mean ${sessions.length} sessions: ${labels}${more}; use the key in parentheses`);
  return { ...refusal, problem: { ...refusal.problem, field: 'name', allowed: keys } };
}

/** Says what was searched; of an EVSE or charge point of this node, that nothing runs there. */
function refuseUnknown({ charge_points }: Pick<Config, 'charge_points'>, name: string) {
  const wanted = fold(typedId(name));
  const station = charge_points.find(({ id }) => fold(id) === wanted);
  const evse = charge_points.flatMap(({ evses }) => evses).find(({ uid }) => fold(uid) === wanted);
  if (station ?? evse) return refuse(404, 'NOT_FOUND', `no session runs at ${station ? `charge point ${station.id}` : `EVSE ${evse?.uid}`} now`);
  const searched = 'session ids and keys and their beginnings, and EVSEs and charge points with a running session';
  return refuse(404, 'NOT_FOUND', `no session ${quote(name)} of a party that this node acts for (searched: ${searched})`);
}
