import { type Consent, EVERY } from '../../domain/contract.ts';
import { asPartyKey, type DriverId, driverId, type PartyKey } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { flag, integer, mapDefined, maybeInteger, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import type { Origin } from './contract.ts';

/** Saves a consent; a newer consent and a later withdrawal stay. */
export const giveConsent = (it: Consent, origin: Origin): Write => ({
  name: 'give-consent',
  sql: `INSERT INTO consent (party, driver, purpose, origin, text_version, given_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (party, driver, purpose) DO UPDATE SET origin = excluded.origin, text_version = excluded.text_version, given_at = excluded.given_at, withdrawn_at = NULL
    WHERE consent.given_at < excluded.given_at AND COALESCE(consent.withdrawn_at, 0) < excluded.given_at`,
  values: [it.party, it.driver, it.purpose, origin, it.textVersion, it.givenAt],
});

/** Withdraws a consent of a driver; without a consent it records a refusal, which overrides the consent for all drivers. */
export const withdrawConsent = (it: Pick<Consent, 'party' | 'driver' | 'purpose'>, at: EpochMillis): Write => ({
  name: 'withdraw-consent',
  sql: `INSERT INTO consent (party, driver, purpose, origin, text_version, given_at, withdrawn_at) VALUES ($1, $2, $3, 'command', '', $4, $4)
    ON CONFLICT (party, driver, purpose) DO UPDATE SET withdrawn_at = excluded.withdrawn_at WHERE consent.withdrawn_at IS NULL`,
  values: [it.party, it.driver, it.purpose, at],
});

function read(row: Row): Consent {
  const driver = text(row, 'driver');
  const withdrawnAt = mapDefined(maybeInteger(row, 'withdrawn_at'), epochMillis);
  return {
    party: asPartyKey(text(row, 'party')),
    driver: driver === EVERY ? EVERY : driverId(driver),
    purpose: text(row, 'purpose'),
    textVersion: text(row, 'text_version'),
    givenAt: epochMillis(integer(row, 'given_at')),
    ...(withdrawnAt !== undefined && { withdrawnAt }),
  };
}
/** All consents, also withdrawn ones. */
export const allConsents: Query<Consent> = { name: 'all-consents', sql: 'SELECT * FROM consent ORDER BY party, driver', values: [], read };
/** One consent; its key is party, driver and purpose. */
export const consentOfDriver = ({ party, driver, purpose }: Pick<Consent, 'party' | 'driver' | 'purpose'>): Query<Consent> => ({
  name: 'consent-of-driver',
  sql: 'SELECT * FROM consent WHERE party = $1 AND driver = $2 AND purpose = $3',
  values: [party, driver, purpose],
  read,
});
/** How many consents of one party are not withdrawn. */
export const countConsents = (party: PartyKey): Query<number> => ({
  name: 'count-consents',
  sql: 'SELECT COUNT(*) AS n FROM consent WHERE party = $1 AND withdrawn_at IS NULL',
  values: [party],
  read: (row) => integer(row, 'n'),
  pace: 'slow',
});
/** The consents of one driver, without the consent for all drivers. */
export const consentsOf = (driver: DriverId): Query<Consent> => ({
  name: 'consents-of',
  sql: 'SELECT * FROM consent WHERE driver = $1 ORDER BY party, purpose',
  values: [driver],
  read,
});

/** A party with stored consents; `hasConsent`: one of them is not withdrawn. */
export interface ConsentedParty {
  party: PartyKey;
  hasConsent: boolean;
}
/** All parties with consents. */
export const consentedParties: Query<ConsentedParty> = {
  name: 'consented-parties',
  sql: 'SELECT party, MAX(CASE WHEN withdrawn_at IS NULL THEN 1 ELSE 0 END) AS holds FROM consent GROUP BY party ORDER BY party',
  values: [],
  read: (row) => ({ party: asPartyKey(text(row, 'party')), hasConsent: flag(row, 'holds') }),
};
