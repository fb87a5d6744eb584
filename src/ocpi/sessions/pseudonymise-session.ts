import { knownFields } from '../known-fields.ts';
import { Session, type WireSession } from './session.ts';
import { writeSession } from './write-session.ts';

/** How one party by contract knows a session. */
export interface Pseudonyms {
  /** What it calls the session; absent: what its CPO calls it. */
  id?: string;
  /** It may know where the session is. */
  mayKnowLocation: boolean;
  /** A name for a value, the same each time for this party, and another for every other (SEC-43). */
  pseudonym(value: string): string;
}

/**
 * A session as a party by contract may see it: nothing of the driver but pseudonyms, nothing between the lines, no meter, and the
 * place only if its contract speaks of places (SEC-43). `last_updated` stays as it is (RTE-15).
 */
export function pseudonymiseSession(session: WireSession, { id, mayKnowLocation, pseudonym }: Pseudonyms): WireSession {
  const { meter_id: _, ...rest } = knownFields(Session['2.3.0'], writeSession('2.3.0', session));
  const { cdr_token, authorization_reference: reference, location_id, evse_uid } = rest;
  const place = (name: string) => (mayKnowLocation ? name : pseudonym(name));
  return {
    ...rest,
    id: id ?? session.id,
    cdr_token: { ...cdr_token, uid: pseudonym(cdr_token.uid), contract_id: pseudonym(cdr_token.contract_id) },
    ...(reference !== undefined && { authorization_reference: pseudonym(reference) }),
    location_id: place(location_id),
    evse_uid: place(evse_uid),
  };
}
