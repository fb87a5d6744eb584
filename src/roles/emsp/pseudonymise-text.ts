import type { WireSession } from '../../ocpi/sessions/session.ts';

/** What a CPO says to people about a session, as an SCSP may read it: the session by the name that it has there, and nothing of the driver (SEC-43). */
export function pseudonymiseText(words: string, { id, cdr_token, authorization_reference }: WireSession, name: string): string {
  const driver = [cdr_token.uid, cdr_token.contract_id, authorization_reference ?? ''];
  return replaced(
    driver.reduce((said, it) => replaced(said, it, '…'), words),
    id,
    name,
  );
}

/** Ids of OCPI compare without regard to case. */
const replaced = (words: string, id: string, name: string) =>
  id === '' ? words : words.replace(new RegExp(id.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gi'), () => name);
