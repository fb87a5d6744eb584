import { Type } from 'typebox';
import { Config } from '../../config/config.ts';
import { Reason } from '../fields.ts';
import { listOf } from '../lists.ts';
import { adminRoute, nothing, readRoute, route } from '../route.ts';
import { ConsentView, ContractView } from './schemas.ts';

const strict = { additionalProperties: false } as const;
/** Country code, `*` and party id. */
export const PARTY_NAME = '^[A-Za-z]{2}\\*[A-Za-z0-9]{3}$';
const PartyName = Type.String({ pattern: PARTY_NAME, description: 'country code and party id, such as NL*SCS' });

export const listContracts = readRoute({
  name: 'list-contracts',
  summary: 'Contracts: which parties may see or control which sessions.',
  path: 'contracts',
  answer: listOf(ContractView),
});

export const listConsents = readRoute({
  name: 'list-consents',
  summary: 'Consents of drivers.',
  path: 'consents',
  answer: listOf(ConsentView),
});

export const listHalted = readRoute({
  name: 'list-halted-parties',
  summary: 'Halted parties: they may set no profiles.',
  path: 'parties/halted',
  answer: listOf(Type.String()),
});

export const addContract = adminRoute({
  name: 'add-contract',
  summary: 'Adds a contract: lets a party see or control sessions of others.',
  method: 'POST',
  path: 'contracts',
  body: Config.properties.contracts.items,
  answer: ContractView,
});

export const endContract = adminRoute({
  name: 'end-contract',
  summary: 'Ends a contract now.',
  method: 'DELETE',
  path: 'contracts/{contract}',
  body: nothing,
  answer: ContractView,
});

const { token, text_version, given_at } = Config.properties.consents.items.properties;

export const addConsent = adminRoute({
  name: 'add-consent',
  summary: 'Records the consent of a driver, or of all drivers by the terms (token *), to send data to a party.',
  method: 'POST',
  path: 'consents',
  body: Type.Object({ token, party: PartyName, text_version, given_at }, strict),
  answer: ConsentView,
});

export const withdrawConsent = adminRoute({
  name: 'withdraw-consent',
  summary: "Withdraws a consent, by the token of the driver or by the driver's pseudonym in the list of consents.",
  method: 'POST',
  path: 'consents/withdraw',
  body: Type.Union([
    Type.Object({ party: PartyName, token }, strict),
    Type.Object({ party: PartyName, driver: Type.String({ minLength: 1, maxLength: 36 }) }, strict),
  ]),
  answer: ConsentView,
});

const HaltedParties = Type.Object({ halted: Type.Array(Type.String()) });
const haltRoute = <const P extends string>(it: { name: string; summary: string; path: P }) =>
  route({ method: 'POST', scope: 'operate', query: Type.Object({ reason: Reason }), body: nothing, answer: HaltedParties, replies: 'at once', ...it });

export const haltParty = haltRoute({
  name: 'halt-party',
  summary: 'Kill switch: withdraws the profiles that a party has set, and refuses new ones until it is resumed.',
  path: 'parties/{party}/halt',
});

export const resumeParty = haltRoute({
  name: 'resume-party',
  summary: 'Lets a halted party set profiles again.',
  path: 'parties/{party}/resume',
});
