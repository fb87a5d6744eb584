/** The text that replaces a driver's data after erasure (SEC-46). */
export const ERASED = 'erased';

/** The fields of a Session that identify the driver (OCPI 2.2.1 §9.3.1). All other fields are about energy, time, location and cost. */
interface SessionPersonalData {
  cdr_token?: { uid: string; contract_id: string };
  authorization_reference?: string;
}

/** The same session with each text that identifies the driver mapped by `as`. The order of fields stays, because changes are found by comparing JSON. */
export function mapSessionPersonalData<S>(session: S, as: (text: string) => string): S {
  const { cdr_token: token, authorization_reference: reference }: SessionPersonalData = Object(session);
  return {
    ...session,
    ...(token && { cdr_token: { ...token, uid: as(token.uid), contract_id: as(token.contract_id) } }),
    ...(reference !== undefined && { authorization_reference: as(reference) }),
  };
}

/** The fields of a Token that identify the driver (OCPI 2.2.1 §12.3.2). */
interface TokenPersonalData {
  uid: string;
  contract_id: string;
  visual_number?: string;
  group_id?: string;
}

/** The same token with each text that identifies the driver mapped by `as`. */
export function mapTokenPersonalData<T>(token: T, as: (text: string) => string): T {
  const { uid, contract_id, visual_number, group_id }: TokenPersonalData = Object(token);
  return {
    ...token,
    uid: as(uid),
    contract_id: as(contract_id),
    ...(visual_number !== undefined && { visual_number: as(visual_number) }),
    ...(group_id !== undefined && { group_id: as(group_id) }),
  };
}

/** Whether the driver's data of this session were erased. */
export const isErased = (session: SessionPersonalData | undefined): boolean => session?.cdr_token?.uid === ERASED;

/** The last characters of a card number: enough to recognise a card, too few to use it. */
export const maskUid = (uid: string): string => `****${uid.length > 8 ? uid.slice(-4) : uid.slice(Math.max(uid.length - 4, Math.ceil(uid.length / 2)))}`;
