import { type Contract, EVERY, PURPOSE, RIGHTS, type Right } from '../../domain/contract.ts';
import { asPartyKey, fold, type PartyKey, type SessionKey } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis, type Seconds, seconds } from '../../domain/units.ts';
import { flag, json, mapDefined, maybeInteger, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** The source of a contract or consent: the configuration file or a command. */
export type Origin = 'config' | 'command';
/** A contract in the store. */
export type StoredContract = Contract & { origin: Origin; endedAt: EpochMillis | undefined };

const ALWAYS = Number.MAX_SAFE_INTEGER;
const isRestricted = (ids: readonly string[] | undefined): ids is readonly string[] => ids !== undefined && !ids.includes(EVERY);

/** Inserts a contract; an existing one, also an ended one, stays unchanged. */
export const addContract = (it: Contract, origin: Origin): readonly Write[] => [
  {
    name: 'add-contract',
    sql: `INSERT INTO contract (id, party, origin, body, may_see, may_control, tokens_of, by_location, by_evse, from_at, until_at,
      state_of_charge, push_every)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING`,
    values: [
      it.id,
      it.party,
      origin,
      JSON.stringify(it),
      it.may.length > 0 ? 1 : 0,
      it.may.includes('control') ? 1 : 0,
      it.tokensOf ?? null,
      isRestricted(it.locations) ? 1 : 0,
      isRestricted(it.evses) ? 1 : 0,
      it.from ?? 0,
      it.until ?? ALWAYS,
      it.stateOfCharge ? 1 : 0,
      it.pushEvery ?? null,
    ],
  },
  ...addIds(it, 'location', it.locations),
  ...addIds(it, 'evse', it.evses),
];
const addIds = (contract: Contract, kind: string, ids: readonly string[] | undefined): readonly Write[] =>
  (isRestricted(ids) ? ids : []).map((id) => ({
    name: 'add-contract-place',
    sql: 'INSERT INTO contract_place (contract, kind, name) VALUES ($1, $2, $3) ON CONFLICT (contract, kind, name) DO NOTHING',
    values: [contract.id, kind, fold(id)],
  }));

/** Ends a contract; changes no row when it has ended already or does not exist. */
export const endContract = (id: string, at: EpochMillis): Write => ({
  name: 'end-contract',
  sql: 'UPDATE contract SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL',
  values: [id, at],
});

/** All contracts, also ended ones. */
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

/** The parties of contracts that have a consent which is not withdrawn. */
export const consentedContractParties: Query<PartyKey> = {
  name: 'consented-contract-parties',
  sql: `SELECT DISTINCT party FROM contract
    WHERE EXISTS (SELECT 1 FROM consent WHERE consent.party = contract.party AND consent.withdrawn_at IS NULL)`,
  values: [],
  read: (row) => asPartyKey(text(row, 'party')),
};

/** Contracts that allow control now, of parties that have a consent of a driver or for all drivers. */
export const steeringContracts = (now: EpochMillis): Query<Contract> => ({
  name: 'steering-contracts',
  sql: `SELECT body FROM contract WHERE ended_at IS NULL AND may_control = 1 AND from_at <= $1 AND until_at > $1 AND EXISTS (
    SELECT 1 FROM consent WHERE consent.party = contract.party AND consent.purpose = '${PURPOSE}' AND consent.withdrawn_at IS NULL AND consent.given_at <= $1)`,
  values: [now],
  read: (row) => json<Contract>(row, 'body'),
});

const names = (kind: string, id: string) =>
  `EXISTS (SELECT 1 FROM contract_place AS place WHERE place.contract = contract.id AND place.kind = '${kind}' AND place.name = UPPER(${id}))`;
const consented = (driver: string, now: string) => `(SELECT CASE WHEN consent.withdrawn_at IS NULL AND consent.given_at <= ${now} THEN 1 ELSE 0 END FROM consent
    WHERE consent.party = contract.party AND consent.driver = ${driver} AND consent.purpose = '${PURPOSE}')`;

/**
 * SQL condition: the row of `contract` covers the row of `session` now, and the driver consented to the contract's party. The right to
 * see is part of the query, not a check after it (SEC-15, SEC-44). A driver's own consent or refusal overrides the consent for all.
 */
export const coversSession = (
  now: string,
): string => `contract.ended_at IS NULL AND contract.may_see = 1 AND contract.from_at <= ${now} AND contract.until_at > ${now}
    AND (contract.tokens_of IS NULL OR contract.tokens_of = session.token_party)
    AND (contract.by_location = 0 OR ${names('location', 'session.location_id')})
    AND (contract.by_evse = 0 OR ${names('evse', 'session.evse_uid')})
    AND COALESCE(${consented('session.driver', now)}, ${consented(`'${EVERY}'`, now)}, 0) = 1`;

/** SQL condition: the row of `contract` gives a right on sessions at the own location of the row of `location` now, at all or at some of its EVSEs. */
export const coversLocation = (now: string): string => `contract.ended_at IS NULL AND contract.may_see = 1 AND contract.from_at <= ${now}
    AND contract.until_at > ${now} AND (contract.by_location = 0 OR ${names('location', LOCATION_ID)})
    AND (contract.by_evse = 0 OR EXISTS (SELECT 1 FROM contract_place AS place JOIN location_evse ON location_evse.uid = place.name
      WHERE place.contract = contract.id AND place.kind = 'evse' AND location_evse.location_key = location.key))`;
/** A location key is its party, which has seven characters with the stars, and its id. */
const LOCATION_ID = 'substr(location.key, 8)';

/** The rights of one party on a session, by its contracts. */
export interface SessionRight {
  party: PartyKey;
  may: readonly Right[];
  /** A contract of the party lists locations or EVSEs, so it may know the session's location. */
  mayKnowLocation: boolean;
  /** A contract of the party covers the state of charge of the car. */
  mayKnowCharge: boolean;
  /** The shortest time between two pushes that a contract of the party names. */
  pushEvery: Seconds | undefined;
}
const readRight = (row: Row): SessionRight => ({
  party: asPartyKey(text(row, 'party')),
  may: RIGHTS.filter((right) => right === 'see' || flag(row, 'may_control')),
  mayKnowLocation: flag(row, 'may_know_location'),
  mayKnowCharge: flag(row, 'may_know_charge'),
  pushEvery: mapDefined(maybeInteger(row, 'push_every'), seconds),
});
const MAY_KNOW_LOCATION = `CASE WHEN contract.body LIKE '%"locations":%' OR contract.body LIKE '%"evses":%' THEN 1 ELSE 0 END`;
const RIGHT_COLUMNS = `contract.party, MAX(contract.may_control) AS may_control, MAX(${MAY_KNOW_LOCATION}) AS may_know_location,
    MAX(contract.state_of_charge) AS may_know_charge, MIN(contract.push_every) AS push_every`;
/** The rights of all parties that may see a session by contract. */
export const rightsOnSession = (session: SessionKey, now: EpochMillis): Query<SessionRight> => ({
  name: 'rights-on-session',
  sql: `SELECT ${RIGHT_COLUMNS}
    FROM session JOIN contract ON ${coversSession('$2')} WHERE session.key = $1 GROUP BY contract.party ORDER BY contract.party`,
  values: [session, now],
  read: readRight,
});
/** SQL: 1 when a contract of `party` that covers the row of `session` now says where its sessions are, else 0. */
export const mayKnowLocation = (party: string, now: string): string =>
  `(SELECT COALESCE(MAX(${MAY_KNOW_LOCATION}), 0) FROM contract WHERE contract.party = ${party} AND ${coversSession(now)})`;
/** SQL: 1 when a contract of `party` that covers the row of `session` now covers the state of charge of the car, else 0. */
export const mayKnowCharge = (party: string, now: string): string =>
  `(SELECT COALESCE(MAX(contract.state_of_charge), 0) FROM contract WHERE contract.party = ${party} AND ${coversSession(now)})`;
/** The rights of one party on a session by contract; no row when it has none. */
export const partyRightOnSession = (session: SessionKey, party: PartyKey, now: EpochMillis): Query<SessionRight> => ({
  name: 'party-right-on-session',
  sql: `SELECT ${RIGHT_COLUMNS}
    FROM session JOIN contract ON contract.party = $3 AND ${coversSession('$2')} WHERE session.key = $1 GROUP BY contract.party`,
  values: [session, now, party],
  read: readRight,
});
