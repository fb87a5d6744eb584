import { type TSchema, Type } from 'typebox';
import { ActiveChargingProfile, ActiveChargingProfileResult, ChargingProfileResponse, ChargingProfileResult } from '../chargingprofiles/charging-profile.ts';
import { setChargingProfile } from '../chargingprofiles/set-charging-profile.ts';
import { Credentials } from '../credentials/credentials.ts';
import { type Edition, inEdition, type MaybePerEdition } from '../editions.ts';
import { ClientInfo } from '../hubclientinfo/client-info.ts';
import { Connector } from '../locations/connector.ts';
import { Evse, EvsePatch } from '../locations/evse.ts';
import { Location } from '../locations/location.ts';
import { ChargingPreferences } from '../sessions/charging-preferences.ts';
import { Session, SessionPatch } from '../sessions/session.ts';
import { AuthorizationInfo, LocationReferences, Token, TokenPatch } from '../tokens/token.ts';
import { Version, VersionDetail } from '../versions/version.ts';
import type { refusals } from './kinds.ts';
import { active, at, clientInfo, connector, credentials, endpoints, evse, location, profile, session, token, versions } from './valid-bodies.fixture.ts';

/** A valid message that partners send, and what may be refused of it. */
export interface ValidMessage {
  name: string;
  schema: TSchema;
  body: object;
  /** The parameters of its URL; absent: an object on a list, or an answer. */
  url?: Readonly<Record<string, string>>;
  /** The fields that name the object in its URL, with their parameters. */
  names?: Readonly<Record<string, string>>;
  /** Paths whose spoiling may refuse the message, each with the name of the refusal. */
  refused: readonly (readonly [path: RegExp, refusal: keyof typeof refusals])[];
}

const party = /^cdr_token(\.(country_code|party_id))?$/;
const exact = (refusal: keyof typeof refusals) => [[/./, refusal]] as const;
const ofParty = { country_code: 'NL', party_id: 'EXA' };
const ofMsp = { country_code: 'NL', party_id: 'MSP' };
const inBoth = { country_code: 'country_code', party_id: 'party_id' };
const sessionNames = { ...inBoth, id: 'session_id' };
const tokenNames = { ...inBoth, uid: 'token_uid', type: 'type' };

/** The objects that partners push, as list items too. */
function pushed(of: (schemas: MaybePerEdition) => TSchema): ValidMessage[] {
  const listed = [/^(id|uid)$/, 'object-names'] as const;
  const behindHub = [/^(country_code|party_id)$/, 'object-names'] as const;
  const named = (fields: readonly string[]) => [new RegExp(`^(${fields.join('|')})$`), 'url-and-body'] as const;
  return [
    {
      name: 'session',
      schema: of(Session),
      body: session,
      url: { ...ofParty, session_id: 'S1' },
      names: sessionNames,
      refused: [[party, 'cdr-token-party'], named(Object.keys(sessionNames))],
    },
    { name: 'session on a list', schema: of(Session), body: session, url: ofParty, refused: [[party, 'cdr-token-party'], listed] },
    {
      name: 'change of a session',
      schema: of(SessionPatch),
      body: { kwh: 2, status: 'ACTIVE', charging_periods: session.charging_periods, last_updated: at },
      url: { ...ofParty, session_id: 'S1' },
      refused: [],
    },
    {
      name: 'location',
      schema: of(Location),
      body: { ...location, evses: [evse] },
      url: { ...ofParty, location_id: 'LOC1' },
      names: { ...inBoth, id: 'location_id' },
      refused: [named(['country_code', 'party_id', 'id'])],
    },
    { name: 'location on a list', schema: of(Location), body: location, url: ofParty, refused: [listed] },
    { name: 'EVSE', schema: of(Evse), body: evse, url: { evse_uid: 'E1' }, names: { uid: 'evse_uid' }, refused: [named(['uid'])] },
    { name: 'change of an EVSE', schema: of(EvsePatch), body: { status: 'CHARGING', last_updated: at }, url: { evse_uid: 'E1' }, refused: [] },
    {
      name: 'connector',
      schema: of(Connector),
      body: connector,
      url: { connector_id: '1' },
      names: { id: 'connector_id' },
      refused: [named(['id']), [/^(power_type|max_voltage|max_amperage)$/, 'connector-power']],
    },
    {
      name: 'token',
      schema: of(Token),
      body: token,
      url: { ...ofMsp, token_uid: 'DEADBEEF', type: 'RFID' },
      names: tokenNames,
      refused: [[/^valid$/, 'token-valid'], named(Object.keys(tokenNames))],
    },
    { name: 'token on a list', schema: of(Token), body: token, url: ofMsp, refused: [[/^valid$/, 'token-valid'], listed] },
    { name: 'change of a token', schema: of(TokenPatch), body: { valid: false, last_updated: at }, url: { ...ofMsp, token_uid: 'DEADBEEF' }, refused: [] },
    { name: 'client info', schema: of(ClientInfo), body: clientInfo, url: ofParty, names: inBoth, refused: [named(['country_code', 'party_id'])] },
    { name: 'client info on a list', schema: of(ClientInfo), body: clientInfo, refused: [behindHub] },
  ];
}

/** Every valid message that partners send, in one edition. */
export function validMessages(edition: Edition): readonly ValidMessage[] {
  const of = (schemas: MaybePerEdition) => inEdition(schemas, edition);
  const hub = edition === '2.3.0' ? { hub_party_id: 'NLHUB' } : {};
  return [
    ...pushed(of),
    {
      name: 'credentials',
      schema: of(Credentials),
      body: { ...credentials, ...hub },
      url: {},
      refused: [
        [/^(token|url)$/, 'credentials-token'],
        [/^roles$/, 'credentials-roles'],
        [/^hub_party_id$/, 'credentials-hub'],
      ],
    },
    {
      name: 'set charging profile',
      schema: of(setChargingProfile.body),
      body: { charging_profile: profile, response_url: 'https://exa.example/r' },
      url: {},
      refused: [
        [/^response_url$/, 'response-url'],
        [/^charging_profile/, 'set-charging-profile'],
      ],
    },
    {
      name: 'charging preferences',
      schema: of(ChargingPreferences),
      body: { profile_type: 'CHEAP', departure_time: at, energy_need: 12, discharge_allowed: false },
      url: {},
      refused: exact('charging-preferences'),
    },
    {
      name: 'active charging profile',
      schema: of(ActiveChargingProfile),
      body: active,
      url: {},
      refused: [[/^charging_profile(\.(charging_rate_unit|charging_profile_period.*))?$/, 'active-charging-profile']],
    },
    { name: 'result of a set', schema: of(ChargingProfileResult), body: { result: 'ACCEPTED' }, url: {}, refused: exact('profile-result') },
    {
      name: 'result of a get',
      schema: of(ActiveChargingProfileResult),
      body: { result: 'ACCEPTED', profile: active },
      url: {},
      refused: [[/^result$/, 'profile-result']],
    },
    {
      name: 'answer to a charging profile',
      schema: of(ChargingProfileResponse),
      body: { result: 'ACCEPTED', timeout: 30 },
      refused: [[/^result$/, 'profile-response']],
    },
    {
      name: 'authorization of a token',
      url: { ...ofMsp, token_uid: 'DEADBEEF' },
      schema: of(AuthorizationInfo),
      body: {
        allowed: 'ALLOWED',
        token,
        location: { location_id: 'LOC1', evse_uids: ['E1'] },
        authorization_reference: 'A1',
        info: { language: 'en', text: 'Welcome' },
      },
      refused: [
        [/^allowed$/, 'authorization-allowed'],
        [/^location/, 'authorization-location'],
        [/^token$/, 'authorization-token'],
        [/^token\.valid$/, 'token-valid'],
      ],
    },
    {
      name: 'request for an authorization',
      schema: LocationReferences,
      body: { location_id: 'LOC1', evse_uids: ['E1'] },
      url: {},
      refused: exact('location-references'),
    },
    { name: 'versions', schema: Type.Array(Version), body: versions, refused: [] },
    { name: 'version details', schema: VersionDetail, body: { version: edition, endpoints }, refused: [[/^version$/, 'version-number']] },
  ];
}
