/** Names that must not be mixed up; only this file casts. */
declare const names: unique symbol;
type Id<T extends string> = string & { readonly [names]: T };

export type StationId = Id<'station'>;
export type ExchangeId = Id<'exchange'>;
export type PeerId = Id<'peer'>;
/** Case-folded `country*party*id` of a session; the same session whatever the spelling. */
export type SessionKey = Id<'session'>;
/** Case-folded `country*party*id` of a location. */
export type LocationKey = Id<'location'>;
/** Case-folded `country*party`, such as `NL*EVK`. */
export type PartyKey = Id<'party'>;
/** A driver under a name that says nothing of them: what a token's uid is called in the store. */
export type DriverId = Id<'driver'>;
/** The unique id of one OCPP CALL. */
export type MessageId = Id<'message'>;

export const stationId = (name: string) => name as StationId;
export const exchangeId = (name: string) => name as ExchangeId;
export const peerId = (name: string) => name as PeerId;
export const driverId = (name: string) => name as DriverId;
export const messageId = (name: string) => name as MessageId;

/** Upper-cases a to z only, so that no locale changes what an id means (TYP-02). */
export const fold = (text: string) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
export const partyKey = (countryCode: string, partyId: string) => fold(`${countryCode}*${partyId}`) as PartyKey;
export const sessionKey = (countryCode: string, partyId: string, id: string) => fold(`${countryCode}*${partyId}*${id}`) as SessionKey;
export const locationKey = (countryCode: string, partyId: string, id: string) => fold(`${countryCode}*${partyId}*${id}`) as LocationKey;
/** A key that the store gave back. */
export const asSessionKey = (key: string) => key as SessionKey;
export const asPartyKey = (key: string) => key as PartyKey;
/** The two names in a party's key. */
export function partyName(party: PartyKey): { countryCode: string; partyId: string } {
  const [countryCode = '', partyId = ''] = party.split('*');
  return { countryCode, partyId };
}
/** The party whose session it is; a session's key begins with its name. */
export const partyOfSession = (session: SessionKey): PartyKey => session.split('*').slice(0, 2).join('*') as PartyKey;
export const asLocationKey = (key: string) => key as LocationKey;
