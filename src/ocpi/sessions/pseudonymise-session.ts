import { knownFields } from '../known-fields.ts';
import { Session, type WireSession } from './session.ts';
import { writeSession } from './write-session.ts';

/** What one party with a contract may know of a session. */
export interface Pseudonyms {
  /** The session id for this party; absent: the id of the CPO. */
  id?: string;
  /** Whether the party may know the location and the EVSE. */
  mayKnowLocation: boolean;
  /** Whether the party may know the state of charge of the car (CDP-04). */
  mayKnowCharge: boolean;
  /** The pseudonym of a value: always the same for this party, different for every other party (SEC-43). */
  pseudonym(value: string): string;
}

/**
 * Writes a session for a party with a contract: the driver's data as pseudonyms, no unknown fields, no meter id, and the location only
 * if the party may know it (SEC-43). `last_updated` stays unchanged (RTE-15).
 */
export function pseudonymiseSession(session: WireSession, { id, mayKnowLocation, mayKnowCharge, pseudonym }: Pseudonyms): WireSession {
  const { meter_id: _, ...rest } = knownFields(Session['2.3.0'], writeSession('2.3.0', mayKnowCharge ? session : withoutStateOfCharge(session)));
  const { cdr_token, authorization_reference: reference, location_id, evse_uid } = rest;
  const visible = (id: string) => (mayKnowLocation ? id : pseudonym(id));
  return {
    ...rest,
    id: id ?? session.id,
    cdr_token: { ...cdr_token, uid: pseudonym(cdr_token.uid), contract_id: pseudonym(cdr_token.contract_id) },
    ...(reference !== undefined && { authorization_reference: pseudonym(reference) }),
    location_id: visible(location_id),
    evse_uid: visible(evse_uid),
  };
}

/** The session without the state of charge of the car. A charging period that says nothing else is left out. */
export function withoutStateOfCharge(session: WireSession): WireSession {
  const periods = session.charging_periods;
  if (!periods?.some(({ dimensions }) => dimensions.some(({ type }) => type === 'STATE_OF_CHARGE'))) return session;
  const veiled = periods.map((period) => ({ ...period, dimensions: period.dimensions.filter(({ type }) => type !== 'STATE_OF_CHARGE') }));
  return { ...session, charging_periods: veiled.filter(({ dimensions }) => dimensions.length > 0) };
}
