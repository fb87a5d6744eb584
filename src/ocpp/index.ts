/** The OCPP side of a node: charge points of OCPP 1.6J, 2.0.1 and 2.1 on one port, in one vocabulary. */
export type { CredentialOf } from './admission.ts';
export type { Credential, SecurityProfile } from './credentials.ts';
export type { Limits } from './limits.ts';
export type { Anomaly, Log } from './log.ts';
export { openStationServer, type StationServer } from './server.ts';
export type { StationServerOptions } from './server-options.ts';
export type {
  Abilities,
  ChargingNeeds,
  IdToken,
  NeedsAnswer,
  OcppVersion,
  Order,
  Reading,
  Station,
  StationAnswer,
  StationEvent,
  StationHost,
  StationRequest,
} from './station.ts';
