import type { WireSession } from '../../ocpi/sessions/session.ts';

/** A status message of a CPO as an SCSP may read it: the session id is replaced by `name`, and the ids of the driver by `…` (SEC-43). */
export function pseudonymiseText(text: string, session: WireSession, name: string): string {
  return replaceAll(withoutDriver(text, session), session.id, name);
}

/** A text in which the ids of the driver are replaced by `…`. */
export const withoutDriver = (text: string, { cdr_token, authorization_reference }: Pick<WireSession, 'cdr_token' | 'authorization_reference'>): string =>
  [cdr_token.uid, cdr_token.contract_id, authorization_reference].reduce<string>((made, it) => replaceAll(made, it, '…'), text);

/** Case-insensitive, because ids of OCPI are. Only whole words: an id such as `1` or `ok` is no part of another number or word (F-53). */
const replaceAll = (text: string, id: string | undefined, name: string) =>
  id ? text.replace(new RegExp(`(?<![A-Za-z0-9])${id.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}(?![A-Za-z0-9])`, 'gi'), () => name) : text;

/** An answer of a CPO whose texts may be stored and logged: ids of the driver are replaced by `…`. */
export function hideDriver<T extends { message?: string | undefined; reason?: string }>(answer: T, session: WireSession): T {
  const { message, reason } = answer;
  return {
    ...answer,
    ...(message !== undefined && { message: withoutDriver(message, session) }),
    ...(reason !== undefined && { reason: withoutDriver(reason, session) }),
  };
}
