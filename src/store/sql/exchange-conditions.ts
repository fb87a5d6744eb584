import type { AskKind } from '../../domain/exchange.ts';
import type { PartyKey } from '../../domain/ids.ts';
import { exceptParties } from './except-parties.ts';
import { type InsertCondition, IS_OPEN } from './exchange.ts';
import { AT_OWN_STATION, hasContract } from './session-rights.ts';

// Values of the insert that the conditions use (see `insertExchange`): $5 session, $13 now, $17 party, $18 peer of the CPO. From $22 on: parties that share.

const HALTED = 'EXISTS (SELECT 1 FROM halt WHERE halt.party = $17)';
const openRequest = (conditions: string) =>
  `EXISTS (SELECT 1 FROM exchange AS earlier WHERE earlier.session_key = $5 AND earlier.${IS_OPEN} AND ${conditions})`;
const input = (conditions: string) => `EXISTS (SELECT 1 FROM input WHERE input.session_key = $5 AND ${conditions})`;
const isWaiting = (kind: AskKind) => openRequest(`earlier.state = 'ACCEPTED' AND earlier.kind = '${kind}' AND earlier.side <> 'sent'`);

/** SETs whose result is not known yet: at a charge point of this node, or at a CPO. */
const OPEN_AT = {
  station: "earlier.kind = 'set' AND earlier.state IN ('ACCEPTED', 'SENDING') AND earlier.side <> 'sent'",
  cpo: "earlier.kind = 'set' AND earlier.state IN ('POSTING', 'AWAITING')",
} as const;

/** Another party steers, or may steer soon, and does not share the session with this one. */
const isSteeredByOther = (at: keyof typeof OPEN_AT, sharing: readonly PartyKey[]) =>
  `(${input(`input.party <> $17 AND input.lower_only = 0${exceptParties('input.party', 22, sharing)}`)}
    OR ${openRequest(`${OPEN_AT[at]} AND earlier.party <> $17${exceptParties('earlier.party', 22, sharing)}`)})`;

/** Only other parties have a profile: there is nothing that the party may clear. */
const isOnlyOthers = (at: keyof typeof OPEN_AT) =>
  `(NOT ${input('input.party = $17')} AND NOT ${openRequest(`${OPEN_AT[at]} AND earlier.party = $17`)}
    AND (${input('input.party <> $17')} OR ${openRequest(`${OPEN_AT[at]} AND earlier.party <> $17`)}))`;

const condition = (name: string, from: string, never: readonly string[]): InsertCondition => ({
  name,
  sql: `FROM session WHERE session.key = $5 AND ${from}${never.map((it) => ` AND NOT ${it}`).join('')}`,
  values: [],
});

/**
 * A request of a peer about a session at our charge point is inserted only when what was decided still holds: the session is ACTIVE, the
 * party has the right and is not halted, no request of the same kind waits, and no party steers that is not one of `sharing` (CP-36).
 */
export function stationCondition(kind: AskKind, sharing: readonly PartyKey[]): InsertCondition {
  const active = (right: 'may_see' | 'may_control') =>
    `${AT_OWN_STATION} AND session.status = 'ACTIVE' AND (session.token_party = $17 OR ${hasContract('$17', '$13', right)})`;
  const steering = [HALTED, isSteeredByOther('station', sharing)];
  switch (kind) {
    case 'get':
      return condition('station-get', active('may_see'), [isWaiting('get')]);
    case 'set':
      return { ...condition(`station-set-${sharing.length}`, active('may_control'), steering), values: sharing };
    case 'clear': {
      const never = [isWaiting('clear'), ...steering, isOnlyOthers('station')];
      return { ...condition(`station-clear-${sharing.length}`, active('may_control'), never), values: sharing };
    }
    default:
      return kind satisfies never;
  }
}

/** A profile of another party is on its way to the charge point: it is not known yet what a set beside it would be merged with. */
const IS_SET_BY_OTHER = openRequest(`${OPEN_AT.station} AND earlier.party <> $17`);

/**
 * A request of this node itself at its charge point: the session is ACTIVE. The operator's own get or clear also waits for no other of its
 * kind; one that keeps the profiles of others waits for theirs.
 */
export function ownCondition(kind: AskKind, by: 'operator' | 'keeps-others' | 'withdrawal'): InsertCondition {
  const never = [...(by !== 'withdrawal' && kind !== 'set' ? [isWaiting(kind)] : []), ...(by === 'keeps-others' ? [IS_SET_BY_OTHER] : [])];
  return condition(`own-${kind}-${by}`, `${AT_OWN_STATION} AND session.status = 'ACTIVE'`, never);
}

/** SQL condition: the last profile that an own party set on the session at its CPO is still set. */
const SET_BY_US = `COALESCE((SELECT kind FROM exchange AS ours WHERE ours.session_key = $5 AND ours.side = 'sent' AND ours.kind IN ('set', 'clear')
    AND ours.state = 'CONFIRMED' ORDER BY ours.seq DESC LIMIT 1), '') = 'set'`;

/**
 * A request of an SCSP is inserted, and then forwarded, only when what was decided still holds: the session has not ended and is still at
 * that CPO, the party has the right and is not halted, and nobody steers that is not one of `sharing` (CP-36).
 */
export function relayCondition(kind: AskKind, sharing: readonly PartyKey[]): InsertCondition {
  const running = (right: 'may_see' | 'may_control') =>
    `session.peer = $18 AND session.status NOT IN ('COMPLETED', 'INVALID') AND ${hasContract('$17', '$13', right)}`;
  if (kind === 'get') return condition('relay-get', running('may_see'), []);
  const never = [HALTED, `(${SET_BY_US})`, isSteeredByOther('cpo', sharing), ...(kind === 'clear' ? [isOnlyOthers('cpo')] : [])];
  return { ...condition(`relay-${kind}-${sharing.length}`, running('may_control'), never), values: sharing };
}
