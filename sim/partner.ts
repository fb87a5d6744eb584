/**
 * Simulated OCPI partners, written from the specification and not from the node's code: an eMSP or SCSP, a CPO and a hub.
 * Each is a real HTTP server that records requests and can answer with faults.
 */
export { type Cpo, type CpoOptions, openCpo, type ProfileAnswer, type ProfileAnswers, type ProfileRequest } from './partner/cpo.ts';
export { type Callback, type Emsp, type EmspOptions, openEmsp, type PushedProfile, type ResponseTo, type SentProfileRequest } from './partner/emsp.ts';
export type { Fault, Faults, ModuleName } from './partner/faults.ts';
export type { ClientState } from './partner/hub/client-info.ts';
export { type Hub, type HubOptions, openHub } from './partner/hub.ts';
export type { RecordedRequest } from './partner/recording-server.ts';
export type { Edition, Endpoint, PartnerRole, Peer } from './partner/registration.ts';
export type { AuthorizationRequest, TokenFields, TokenReceiver, TokenSender } from './partner/tokens.ts';
export { authorization, type PartnerAnswer, send } from './partner/wire.ts';
