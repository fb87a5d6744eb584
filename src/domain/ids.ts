/** Branded strings, so that one kind of id is never passed for another. Only this file casts to them. */
declare const names: unique symbol;
type Id<T extends string> = string & { readonly [names]: T };

/** The identity of a charge point in OCPP. */
export type StationId = Id<'station'>;
/** A text as a StationId, unchanged. */
export const stationId = (name: string) => name as StationId;

/** The id of an exchange. */
export type ExchangeId = Id<'exchange'>;
/** A text as an ExchangeId, unchanged. */
export const exchangeId = (name: string) => name as ExchangeId;

/** The id of a peer. */
export type PeerId = Id<'peer'>;
/** A text as a PeerId, unchanged. */
export const peerId = (name: string) => name as PeerId;

/** The pseudonym of a driver: it stands for the uid of a token in the store. */
export type DriverId = Id<'driver'>;
/** A text as a DriverId, unchanged. */
export const driverId = (name: string) => name as DriverId;

/** The unique id of one OCPP CALL. */
export type MessageId = Id<'message'>;
/** A text as a MessageId, unchanged. */
export const messageId = (name: string) => name as MessageId;

/** Upper-cases a to z only, so that ids compare the same in every locale (TYP-02). */
export const fold = (text: string) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());

/** Folded `country*party`, such as `NL*EVK`. */
export type PartyKey = Id<'party'>;
/** The key of a party. */
export const partyKey = (countryCode: string, partyId: string) => fold(`${countryCode}*${partyId}`) as PartyKey;
/** A text that is a party key already, such as one from the store. */
export const asPartyKey = (key: string) => key as PartyKey;
/** The country code and party id in a party key. */
export function partyName(party: PartyKey): { countryCode: string; partyId: string } {
  const [countryCode = '', partyId = ''] = party.split('*');
  return { countryCode, partyId };
}

/** Folded `country*party*id` of a session: the same for every spelling of the id. */
export type SessionKey = Id<'session'>;
/** The key of a session of a party. */
export const sessionKey = (countryCode: string, partyId: string, id: string) => fold(`${countryCode}*${partyId}*${id}`) as SessionKey;
/** A text that is a session key already, such as one from the store. */
export const asSessionKey = (key: string) => key as SessionKey;
/** The party that owns a session: the session key begins with its party key. */
export const partyOfSession = (session: SessionKey): PartyKey => session.split('*').slice(0, 2).join('*') as PartyKey;

/** Folded `country*party*id` of a location. */
export type LocationKey = Id<'location'>;
/** The key of a location of a party. */
export const locationKey = (countryCode: string, partyId: string, id: string) => fold(`${countryCode}*${partyId}*${id}`) as LocationKey;
/** The party that owns a location: the location key begins with its party key. */
export const partyOfLocation = (location: LocationKey): PartyKey => location.split('*').slice(0, 2).join('*') as PartyKey;
/** A text that is a location key already, such as one from the store. */
export const asLocationKey = (key: string) => key as LocationKey;
