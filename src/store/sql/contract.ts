import { type Contract, EVERY, PURPOSE, RIGHTS, type Right } from '../../domain/contract.ts';
import { asPartyKey, fold, type PartyKey, type SessionKey } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { flag, json, mapDefined, maybeInteger, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** Where a contract was written down: in the configuration file, or by a command. */
export type Origin = 'config' | 'command';
/** A contract as it stands in the store. */
export type StoredContract = Contract & { origin: Origin; endedAt: EpochMillis | undefined };

const ALWAYS = Number.MAX_SAFE_INTEGER;
const isNamed = (places: readonly string[] | undefined): places is readonly string[] => places !== undefined && !places.includes(EVERY);

/** Inserts a contract; one that is there already, also one that has ended, stays as it is. */
export const addContract = (it: Contract, origin: Origin): readonly Write[] => [
  {
    name: 'add-contract',
    sql: `INSERT INTO contract (id, party, origin, body, may_see, may_control, tokens_of, by_location, by_evse, from_at, until_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING`,
    values: [
      it.id,
      it.party,
      origin,
      JSON.stringify(it),
      it.may.length > 0 ? 1 : 0,
      it.may.includes('control') ? 1 : 0,
      it.tokensOf ?? null,
      isNamed(it.locations) ? 1 : 0,
      isNamed(it.evses) ? 1 : 0,
      it.from ?? 0,
      it.until ?? ALWAYS,
    ],
  },
  ...placesOf(it, 'location', it.locations),
  ...placesOf(it, 'evse', it.evses),
];
const placesOf = (contract: Contract, kind: string, names: readonly string[] | undefined): readonly Write[] =>
  (isNamed(names) ? names : []).map((name) => ({
    name: 'add-contract-place',
    sql: 'INSERT INTO contract_place (contract, kind, name) VALUES ($1, $2, $3) ON CONFLICT (contract, kind, name) DO NOTHING',
    values: [contract.id, kind, fold(name)],
  }));

/** Ends a contract now; changes no row when it has ended before, or was never there. */
export const endContract = (id: string, at: EpochMillis): Write => ({
  name: 'end-contract',
  sql: 'UPDATE contract SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL',
  values: [id, at],
});

export const allContracts: Query<StoredContract> = {
  name: 'all-contracts',
  sql: 'SELECT * FROM contract ORDER BY party, id',
  values: [],
  read: (row) => ({
    ...json<Contract>(row, 'body'),
    origin: text(row, 'origin') === 'config' ? 'config' : 'command',
    endedAt: mapDefined(maybeInteger(row, 'ended_at'), epochMillis),
  }),
};

/** Contracts that let their parties steer now, of parties that at least one driver, or the terms for all, agreed to. */
export const steeringContracts = (now: EpochMillis): Query<Contract> => ({
  name: 'steering-contracts',
  sql: `SELECT body FROM contract WHERE ended_at IS NULL AND may_control = 1 AND from_at <= $1 AND until_at > $1 AND EXISTS (
    SELECT 1 FROM consent WHERE consent.party = contract.party AND consent.purpose = '${PURPOSE}' AND consent.withdrawn_at IS NULL AND consent.given_at <= $1)`,
  values: [now],
  read: (row) => json<Contract>(row, 'body'),
});

const placed = (kind: string, name: string) =>
  `EXISTS (SELECT 1 FROM contract_place AS place WHERE place.contract = contract.id AND place.kind = '${kind}' AND place.name = UPPER(${name}))`;
const agreed = (driver: string, now: string) => `(SELECT CASE WHEN consent.withdrawn_at IS NULL AND consent.given_at <= ${now} THEN 1 ELSE 0 END FROM consent
    WHERE consent.party = contract.party AND consent.driver = ${driver} AND consent.purpose = '${PURPOSE}')`;

/**
 * True for a row of `contract` that covers a row of `session` now, and whose party the driver agreed to: the right to see is part of the
 * question, not a check after it (SEC-15, SEC-44). The word of one driver stands over the terms for all.
 */
export const coversSession = (
  now: string,
): string => `contract.ended_at IS NULL AND contract.may_see = 1 AND contract.from_at <= ${now} AND contract.until_at > ${now}
    AND (contract.tokens_of IS NULL OR contract.tokens_of = session.token_party)
    AND (contract.by_location = 0 OR ${placed('location', 'session.location_id')})
    AND (contract.by_evse = 0 OR ${placed('evse', 'session.evse_uid')})
    AND COALESCE(${agreed('session.driver', now)}, ${agreed(`'${EVERY}'`, now)}, 0) = 1`;

/** A party that may see a session by contract, and what else it may. */
export interface SessionRight {
  party: PartyKey;
  may: readonly Right[];
  /** A contract of its names places, so it may know where the session is. */
  mayKnowLocation: boolean;
}
const readGrant = (row: Row): SessionRight => ({
  party: asPartyKey(text(row, 'party')),
  may: RIGHTS.filter((right) => right === 'see' || flag(row, 'may_control')),
  mayKnowLocation: flag(row, 'knows_place'),
});
const KNOWS_PLACE = `CASE WHEN contract.body LIKE '%"locations":%' OR contract.body LIKE '%"evses":%' THEN 1 ELSE 0 END`;
/** All the parties that may see a session by contract. */
export const rightsOnSession = (session: SessionKey, now: EpochMillis): Query<SessionRight> => ({
  name: 'grants-on',
  sql: `SELECT contract.party, MAX(contract.may_control) AS may_control, MAX(${KNOWS_PLACE}) AS knows_place
    FROM session JOIN contract ON ${coversSession('$2')} WHERE session.key = $1 GROUP BY contract.party ORDER BY contract.party`,
  values: [session, now],
  read: readGrant,
});
/** What one party may do with a session by contract; nothing: no row. */
export const partyRightOnSession = (session: SessionKey, party: PartyKey, now: EpochMillis): Query<SessionRight> => ({
  name: 'grant-on',
  sql: `SELECT contract.party, MAX(contract.may_control) AS may_control, MAX(${KNOWS_PLACE}) AS knows_place
    FROM session JOIN contract ON contract.party = $3 AND ${coversSession('$2')} WHERE session.key = $1 GROUP BY contract.party`,
  values: [session, now, party],
  read: readGrant,
});
