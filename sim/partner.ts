/** Foreign OCPI parties, written from the specification alone: an eMSP (or SCSP) and a CPO, each a real HTTP server that records and can misbehave. */
export { type Cpo, type CpoOptions, openCpo, type ProfileAnswer, type ProfileAnswers, type ProfileRequest } from './partner/cpo.ts';
export { type Callback, type Emsp, type EmspOptions, openEmsp, type PushedProfile, type ResponseTo, type SentProfileRequest } from './partner/emsp.ts';
export type { Fault, Faults, ModuleName } from './partner/faults.ts';
export { type ClientState, type Hub, type HubOptions, openHub } from './partner/hub.ts';
export type { RecordedRequest } from './partner/recording-server.ts';
export type { Edition, Endpoint, PartnerRole, Peer } from './partner/registration.ts';
export type { AuthorizationRequest, TokenFields, TokenReceiver, TokenSender } from './partner/tokens.ts';
export { authorization, type PartnerAnswer, send } from './partner/wire.ts';
