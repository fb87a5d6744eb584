import type { WireSession } from '../../ocpi/sessions/session.ts';

/** A status message of a CPO as an SCSP may read it: the session id is replaced by `name`, and the ids of the driver by `…` (SEC-43). */
export function pseudonymiseText(text: string, { id, cdr_token, authorization_reference }: WireSession, name: string): string {
  const driver = [cdr_token.uid, cdr_token.contract_id, authorization_reference];
  return replaceAll(
    driver.reduce<string>((made, it) => replaceAll(made, it, '…'), text),
    id,
    name,
  );
}

/** Case-insensitive, because ids of OCPI are. Only whole words: an id such as `1` or `ok` is no part of another number or word (F-53). */
const replaceAll = (text: string, id: string | undefined, name: string) =>
  id ? text.replace(new RegExp(`(?<![A-Za-z0-9])${id.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}(?![A-Za-z0-9])`, 'gi'), () => name) : text;
