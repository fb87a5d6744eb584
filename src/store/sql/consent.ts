import { type Consent, EVERY } from '../../domain/contract.ts';
import { asPartyKey, type DriverId, driverId, type PartyKey } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { flag, integer, mapDefined, maybeInteger, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import type { Origin } from './contract.ts';

/** Records a consent; a word that is newer stays, and so does a withdrawal that came after it. */
export const giveConsent = (it: Consent, origin: Origin): Write => ({
  name: 'give-consent',
  sql: `INSERT INTO consent (party, driver, purpose, origin, text_version, given_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (party, driver, purpose) DO UPDATE SET origin = excluded.origin, text_version = excluded.text_version, given_at = excluded.given_at, withdrawn_at = NULL
    WHERE consent.given_at < excluded.given_at AND COALESCE(consent.withdrawn_at, 0) < excluded.given_at`,
  values: [it.party, it.driver, it.purpose, origin, it.textVersion, it.givenAt],
});

/** A driver's No, also to what the terms say for all. */
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
export const allConsents: Query<Consent> = { name: 'all-consents', sql: 'SELECT * FROM consent ORDER BY party, driver', values: [], read };
/** What one driver said; the terms for all are not among it. */
export const consentsOf = (driver: DriverId): Query<Consent> => ({
  name: 'consents-of',
  sql: 'SELECT * FROM consent WHERE driver = $1 ORDER BY party, purpose',
  values: [driver],
  read,
});

/** A party that consents speak of; `now`: one of them holds. */
export interface ConsentedParty {
  party: PartyKey;
  hasConsent: boolean;
}
export const consentedParties: Query<ConsentedParty> = {
  name: 'consented-parties',
  sql: 'SELECT party, MAX(CASE WHEN withdrawn_at IS NULL THEN 1 ELSE 0 END) AS holds FROM consent GROUP BY party ORDER BY party',
  values: [],
  read: (row) => ({ party: asPartyKey(text(row, 'party')), hasConsent: flag(row, 'holds') }),
};
