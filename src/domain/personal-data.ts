/** What stands where a driver's data stood, once they are erased (SEC-46). */
export const ERASED = 'erased';

/** What of a Session tells who the driver is (OCPI 2.2.1 §9.3.1); everything else in it are facts about energy, time, place and money. */
interface SessionPersonalData {
  cdr_token?: { uid: string; contract_id: string };
  authorization_reference?: string;
}

/** The same session with each text that tells who the driver is replaced; the order of its fields stays, since changes are found by comparing. */
export function mapSessionPersonalData<S>(session: S, as: (text: string) => string): S {
  const { cdr_token: token, authorization_reference: reference }: SessionPersonalData = Object(session);
  return {
    ...session,
    ...(token && { cdr_token: { ...token, uid: as(token.uid), contract_id: as(token.contract_id) } }),
    ...(reference !== undefined && { authorization_reference: as(reference) }),
  };
}

/** What of a Token tells who the driver is (OCPI 2.2.1 §12.3.2). */
interface TokenPersonalData {
  uid: string;
  contract_id: string;
  visual_number?: string;
  group_id?: string;
}

/** The same token with each text that tells who the driver is replaced. */
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

/** Its driver was erased: nobody can be told any more whose session it is. */
export const isErased = (session: SessionPersonalData | undefined): boolean => session?.cdr_token?.uid === ERASED;
