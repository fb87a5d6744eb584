import { type TSchema, Type } from 'typebox';
import { Config } from '../../config/config.ts';
import { Before, Limit, listOf } from '../lists.ts';
import {
  AuditView,
  ConsentView,
  ContractView,
  ExchangeMessages,
  KeyView,
  LoadView,
  Overview,
  PeerDetail,
  PlanView,
  SeriesView,
  StationDetail,
  UserView,
} from '../peers/schemas.ts';
import { nothing, type Route, route } from '../route.ts';
import { PeerView } from '../sessions/schemas.ts';
import { RoleWord } from '../sign-in/schemas.ts';

const itemsOf = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item) });
const PartyName = Type.String({ pattern: '^[A-Za-z]{2}\\*[A-Za-z0-9]{3}$', description: 'a country and a party, such as NL*SCS' });
const strict = { additionalProperties: false } as const;

const reading = <const P extends string, A extends TSchema>(it: { name: string; says: string; path: P; answer: A }) =>
  route({ method: 'GET', scope: 'view', query: nothing, body: nothing, replies: 'at once', ...it });
const administering = <const P extends string, B extends TSchema, A extends TSchema>(it: {
  name: string;
  says: string;
  method: 'POST' | 'DELETE';
  path: P;
  body: B;
  answer: A;
}) => route({ scope: 'admin', query: nothing, replies: 'at once', ...it });

export const getOverview = reading({ name: 'get-overview', says: 'The whole node at a glance.', path: 'overview', answer: Overview });
export const getLoad = route({
  name: 'get-load',
  says: 'What is drawn at our locations, and was over the last minutes, with what the cables there carry.',
  method: 'GET',
  path: 'load',
  scope: 'view',
  query: Type.Object({ minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 60, default: 60 })) }),
  body: nothing,
  answer: LoadView,
  replies: 'at once',
});
export const getMessages = reading({
  name: 'get-exchange-messages',
  says: 'The messages of one exchange in the order of time, with what is kept of them; moments on the way are known for the newest exchanges only.',
  path: 'exchanges/{exchange}/messages',
  answer: ExchangeMessages,
});
export const getSeries = reading({
  name: 'get-session-series',
  says: 'What a session was asked to stay below, stays below, could draw and drew, over time.',
  path: 'sessions/{session}/series',
  answer: SeriesView,
});
export const getPeer = reading({
  name: 'get-peer',
  says: 'One platform, with its contracts and how requests with it end.',
  path: 'peers/{peer}',
  answer: PeerDetail,
});
export const getStation = reading({ name: 'get-station', says: 'One charge point, with what it can.', path: 'stations/{station}', answer: StationDetail });
export const listContracts = reading({
  name: 'list-contracts',
  says: 'Who else may see or control which sessions.',
  path: 'contracts',
  answer: itemsOf(ContractView),
});
export const listConsents = reading({ name: 'list-consents', says: 'What drivers agreed to.', path: 'consents', answer: itemsOf(ConsentView) });
export const listHalted = reading({
  name: 'list-halted-parties',
  says: 'Parties that may set nothing now.',
  path: 'parties/halted',
  answer: itemsOf(Type.String()),
});
export const getPlan = reading({ name: 'get-plan', says: 'What the planner of an SCSP last planned, and why.', path: 'plan', answer: PlanView });
export const listAudit = route({
  name: 'list-audit',
  says: 'What was done through any door, newest first; evenkeel audit verify tells whether it is whole.',
  method: 'GET',
  path: 'audit',
  scope: 'view',
  query: Type.Object({ limit: Limit, before: Before }),
  body: nothing,
  answer: listOf(AuditView),
  replies: 'at once',
});

const Role = Config.properties.parties.items.properties.role;
export const addPeer = administering({
  name: 'add-peer',
  says: 'Invites a party, for which a TOKEN_A is shown once; or registers at a platform by the TOKEN_A that it gave us.',
  method: 'POST',
  path: 'peers',
  body: Type.Union([
    Type.Object({ role: Role, country_code: Type.String({ pattern: '^[A-Za-z]{2}$' }), party_id: Type.String({ pattern: '^[A-Za-z0-9]{3}$' }) }, strict),
    Type.Object(
      { versions_url: Type.String({ pattern: '^https?://', maxLength: 255 }), token: Type.String({ minLength: 1, maxLength: 64, description: 'TOKEN_A' }) },
      strict,
    ),
  ]),
  answer: Type.Union([
    Type.Object({ invited: Type.Object({ party: Type.String(), token: Type.String(), versions_url: Type.String() }) }),
    Type.Object({ registered: PeerView }),
  ]),
});
export const rotatePeer = administering({
  name: 'rotate-peer',
  says: 'Exchanges new tokens with a platform, both ways.',
  method: 'POST',
  path: 'peers/{peer}/rotate',
  body: nothing,
  answer: PeerView,
});
export const unregisterPeer = administering({
  name: 'unregister-peer',
  says: 'Ends the registration of a platform; told: it knows.',
  method: 'POST',
  path: 'peers/{peer}/unregister',
  body: nothing,
  answer: Type.Object({ told: Type.Boolean() }),
});
export const addContract = administering({
  name: 'add-contract',
  says: 'Lets a party see or control sessions of others.',
  method: 'POST',
  path: 'contracts',
  body: Config.properties.contracts.items,
  answer: ContractView,
});
export const endContract = administering({
  name: 'end-contract',
  says: 'Ends a contract now.',
  method: 'DELETE',
  path: 'contracts/{contract}',
  body: nothing,
  answer: ContractView,
});
const { token, text_version, given_at } = Config.properties.consents.items.properties;
export const addConsent = administering({
  name: 'add-consent',
  says: 'Records that a driver, or the terms for all (token *), agreed to data going to a party.',
  method: 'POST',
  path: 'consents',
  body: Type.Object({ token, party: PartyName, text_version, given_at }, strict),
  answer: ConsentView,
});
export const withdrawConsent = administering({
  name: 'withdraw-consent',
  says: "Records a driver's No, by token or by the name that the list of consents has for them.",
  method: 'POST',
  path: 'consents/withdraw',
  body: Type.Union([
    Type.Object({ party: PartyName, token }, strict),
    Type.Object({ party: PartyName, driver: Type.String({ minLength: 1, maxLength: 36 }) }, strict),
  ]),
  answer: ConsentView,
});
const Halted = Type.Object({ halted: Type.Array(Type.String()) });
export const haltParty = route({
  ...administering({
    name: 'halt-party',
    says: 'Kill switch: what the party has set is taken back, and it sets nothing until it is resumed.',
    method: 'POST',
    path: 'parties/{party}/halt',
    body: nothing,
    answer: Halted,
  }),
  scope: 'operate',
});
export const resumeParty = route({
  ...administering({
    name: 'resume-party',
    says: 'Lets a halted party set profiles again.',
    method: 'POST',
    path: 'parties/{party}/resume',
    body: nothing,
    answer: Halted,
  }),
  scope: 'operate',
});
export const listKeys = route({
  ...reading({ name: 'list-keys', says: 'The keys to this door, without what opens.', path: 'keys', answer: itemsOf(KeyView) }),
  scope: 'admin',
});
export const addKey = administering({
  name: 'add-key',
  says: 'Makes a key, which is shown this once.',
  method: 'POST',
  path: 'keys',
  body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }), scope: RoleWord }, strict),
  answer: Type.Object({ id: Type.String(), key: Type.String(), scope: RoleWord }),
});
export const revokeKey = administering({
  name: 'revoke-key',
  says: 'Makes a key useless.',
  method: 'DELETE',
  path: 'keys/{key}',
  body: nothing,
  answer: KeyView,
});
export const listUsers = route({ ...reading({ name: 'list-users', says: 'Who may sign in.', path: 'users', answer: itemsOf(UserView) }), scope: 'admin' });

/** What the page for the operator asks beside what other systems ask. */
export const consoleRoutes: readonly Route[] = [
  getOverview,
  getMessages,
  getSeries,
  getLoad,
  getPeer,
  getStation,
  listContracts,
  listConsents,
  listHalted,
  getPlan,
  listAudit,
  addPeer,
  rotatePeer,
  unregisterPeer,
  addContract,
  endContract,
  addConsent,
  withdrawConsent,
  haltParty,
  resumeParty,
  listKeys,
  addKey,
  revokeKey,
  listUsers,
];
