import type { WireSession } from '../../ocpi/sessions/session.ts';

/** A status message of a CPO as an SCSP may read it: the session id is replaced by `name`, and the ids of the driver by `…` (SEC-43). */
export const pseudonymiseText = (text: string, session: WireSession, name: string): string => replaceAll(hideIdsOfDriver(text, session), session.id, name);

const hideIdsOfDriver = (text: string, { cdr_token, authorization_reference }: WireSession): string =>
  [cdr_token.uid, cdr_token.contract_id, authorization_reference].reduce<string>((made, it) => replaceAll(made, it, '…'), text);

/** An answer of a CPO whose texts may be stored and logged: ids of the driver are replaced by `…`. */
export function hideDriver<T extends { message?: string | undefined; reason?: string }>(answer: T, session: WireSession): T {
  const { message, reason } = answer;
  return {
    ...answer,
    ...(message !== undefined && { message: hideIdsOfDriver(message, session) }),
    ...(reason !== undefined && { reason: hideIdsOfDriver(reason, session) }),
  };
}

/** Case-insensitive, because ids of OCPI are. */
const replaceAll = (text: string, id: string | undefined, name: string) =>
  id ? text.replace(new RegExp(id.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gi'), () => name) : text;
