import { asPartyKey, asSessionKey, type ExchangeId, type PartyKey, type PeerId, peerId, type SessionKey } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { flag, integer, json, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import { exceptParties } from './except-parties.ts';
import { IS_OPEN } from './exchange.ts';
import { IS_OVER, IS_RUNNING } from './session.ts';
import { AT_OWN_STATION, accessOf, maySee, readAccess, type SessionAccess } from './session-rights.ts';

/** One party's profile for a session: accepted at the charge point or the CPO (`installed`), or possibly accepted (`uncertain`). */
export interface Input {
  by: PartyKey;
  /** The peer that speaks for the party; the node itself for the operator. */
  peer: PeerId;
  profile: ChargingProfile;
  state: 'installed' | 'uncertain';
  /** The profile of the operator that stands beside those of other parties: the lowest limit applies. */
  keepsOthers?: true;
  /** The id of the user or API key that set it for the operator. */
  author?: string;
}
/** A profile to save; `exchange`: the request that set it, which knows its author. */
type SavedInput = Omit<Input, 'author'> & { exchange?: ExchangeId };

/** Saves the profile of a party and replaces its earlier one. Saves nothing for a session that has ended: a late answer of its charge point changes nothing. */
export const rememberInput = (session: SessionKey, it: SavedInput, at: EpochMillis): Write => ({
  name: 'remember-input',
  sql: `INSERT INTO input (session_key, party, peer, profile, state, at, lower_only, author)
    SELECT $1, $2, $3, $4, $5, $6, $7, (SELECT exchange.author FROM exchange WHERE exchange.id = $8)
    WHERE EXISTS (SELECT 1 FROM session WHERE key = $1 AND ${IS_RUNNING})
    ON CONFLICT (session_key, party) DO UPDATE SET peer = excluded.peer, profile = excluded.profile, state = excluded.state, at = excluded.at,
      lower_only = excluded.lower_only, author = excluded.author`,
  values: [session, it.by, it.peer, JSON.stringify(it.profile), it.state, at, it.keepsOthers ? 1 : 0, orNull(it.exchange)],
});
/** Marks the profile of one party as one that may be installed or not; `party` undefined: the profiles of all parties. */
export const doubtInputs = (session: SessionKey, party: PartyKey | undefined): Write => ({
  name: party === undefined ? 'doubt-inputs' : 'doubt-input',
  sql: `UPDATE input SET state = 'uncertain' WHERE session_key = $1${party === undefined ? '' : ' AND party = $2'}`,
  values: party === undefined ? [session] : [session, party],
});
/** Deletes the profile of one party. */
export const forgetInput = (session: SessionKey, party: PartyKey): Write => ({
  name: 'forget-input',
  sql: 'DELETE FROM input WHERE session_key = $1 AND party = $2',
  values: [session, party],
});
/** Deletes the profiles of all parties. */
export const forgetInputs = (session: SessionKey): Write => ({ name: 'forget-inputs', sql: 'DELETE FROM input WHERE session_key = $1', values: [session] });
/** Deletes the profiles of all parties if the session has ended; belongs in the transaction that ends it. */
export const endInputs = (session: SessionKey): Write => ({
  name: 'end-inputs',
  sql: `DELETE FROM input WHERE session_key = $1 AND EXISTS (SELECT 1 FROM session WHERE key = $1 AND ${IS_OVER})`,
  values: [session],
});
/** Deletes the profiles of all parties but one and those in `keep`. */
export const forgetOtherInputs = (session: SessionKey, party: PartyKey, keep: readonly PartyKey[]): Write => ({
  name: `forget-other-inputs-but-${keep.length}`,
  sql: `DELETE FROM input WHERE session_key = $1 AND party <> $2${exceptParties('party', 3, keep)}`,
  values: [session, party, ...keep],
});

const read = (row: Row): Input => {
  const author = maybeText(row, 'author');
  return {
    by: asPartyKey(text(row, 'party')),
    peer: peerId(text(row, 'peer')),
    profile: json<ChargingProfile>(row, 'profile'),
    state: text(row, 'state') === 'uncertain' ? 'uncertain' : 'installed',
    ...(flag(row, 'lower_only') && { keepsOthers: true }),
    ...(author !== undefined && { author }),
  };
};
/** The profiles of one session, oldest first. */
export const inputsOf = (session: SessionKey): Query<Input> => ({
  name: 'inputs-of',
  sql: 'SELECT * FROM input WHERE session_key = $1 ORDER BY at, party',
  values: [session],
  read,
  pace: 'quick',
});
/** A row of `accessWithInputs`: the access of a party to a session, and one of the session's profiles. */
interface AccessWithInput {
  access: SessionAccess;
  input: Input | undefined;
}
/**
 * The access of one party to a session at an own charge point, with the profiles of the session, oldest first: one row for each profile, or
 * one without. No row for a party that may not see the session, whatever it steers: for others nothing is read (SEC-15, R-16).
 */
export const accessWithInputs = (foldedId: string, party: PartyKey, now: EpochMillis): Query<AccessWithInput> => ({
  name: 'access-with-inputs',
  sql: `SELECT ${accessOf('$2', '$3')}, input.party, input.peer, input.profile, input.state, input.lower_only, input.author
    FROM session LEFT JOIN input ON input.session_key = session.key
    WHERE session.folded_id = $1 AND ${AT_OWN_STATION} AND ${maySee('$2', '$3')} ORDER BY input.at, input.party`,
  values: [foldedId, party, now],
  read: (row) => ({ access: readAccess(row), input: maybeText(row, 'party') === undefined ? undefined : read(row) }),
  pace: 'quick',
});
/** The profiles of all sessions with numbers from `oldest` to `newest`, both inclusive. */
export const inputsBetween = (oldest: number, newest: number): Query<Input & { session: string }> => ({
  name: 'inputs-between',
  sql: 'SELECT input.* FROM input JOIN session ON session.key = input.session_key WHERE session.seq >= $1 AND session.seq <= $2 ORDER BY input.at, input.party',
  values: [oldest, newest],
  read: (row) => ({ ...read(row), session: text(row, 'session_key') }),
});
/** A profile on a session that has not ended, and since when it is there. */
export type RunningInput = Input & { session: SessionKey; at: EpochMillis };
const readRunning = (row: Row): RunningInput => ({ ...read(row), session: asSessionKey(text(row, 'session_key')), at: epochMillis(integer(row, 'at')) });
/** The profiles on all sessions that have not ended, or those of one party, oldest first. */
export const runningInputs = (party?: PartyKey): Query<RunningInput> => ({
  name: party === undefined ? 'running-inputs' : 'running-inputs-of',
  sql: `SELECT input.* FROM session JOIN input ON input.session_key = session.key
    WHERE session.${IS_RUNNING}${party === undefined ? '' : ' AND input.party = $1'} ORDER BY input.at, input.session_key`,
  values: party === undefined ? [] : [party],
  read: readRunning,
});
/** A row when a SET or CLEAR of the session is being sent: the installed profile may change or has changed already. */
export const isBeingSet = (session: SessionKey): Query<true> => ({
  name: 'is-being-set',
  sql: `SELECT 1 AS one FROM exchange WHERE session_key = $1 AND ${IS_OPEN} AND state = 'SENDING' AND kind <> 'get' LIMIT 1`,
  values: [session],
  read: () => true,
});
