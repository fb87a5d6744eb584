/** The words of OCPI: every message flow as one value, a server and a client made of them. */
export { type Authenticate, type Binding, bind, type Caller, type Request, type RequestHeaders } from './binding.ts';
export { callEndpoint, followLink, type Ids, type Outgoing, type PeerClient, postToResponseUrl } from './call.ts';
export * from './chargingprofiles/charging-profile.ts';
export { clearChargingProfile, clearChargingProfileResult } from './chargingprofiles/clear-charging-profile.ts';
export { getActiveChargingProfile, getActiveChargingProfileResult } from './chargingprofiles/get-active-charging-profile.ts';
export { pushActiveChargingProfile } from './chargingprofiles/push-active-charging-profile.ts';
export { setChargingProfile, setChargingProfileResult } from './chargingprofiles/set-charging-profile.ts';
export { readActiveChargingProfile, readChargingProfile, writeActiveChargingProfile, writeChargingProfile } from './chargingprofiles/translate.ts';
export { type Crawl, type CrawlEnd, type CrawledPage, crawl } from './crawl.ts';
export { Credentials, type WireCredentials } from './credentials/credentials.ts';
export { deleteCredentials } from './credentials/delete-credentials.ts';
export { getCredentials } from './credentials/get-credentials.ts';
export { postCredentials } from './credentials/post-credentials.ts';
export { putCredentials } from './credentials/put-credentials.ts';
export { compareDateTimes, dateTimeMillis, dateTimeSeconds, printDateTime, printSeconds, readDateTime } from './date-time.ts';
export { type Edition, editions, isEdition, type Price } from './editions.ts';
export {
  type Answer,
  type Body,
  type Endpoint,
  endpoint,
  type Interface,
  type Method,
  type Module,
  nothing,
  type Params,
  type Query,
  type ResultBody,
  resultOf,
} from './endpoint.ts';
export { acknowledged, created, type Envelope, type HttpStatus, invalid, notAllowed, notFound, page, type Reply, refused, success } from './envelope.ts';
export { type HubName, type PartyName, type PresentedToken, presentedTokens, printAuthorization, type Routing, type TokenStyle } from './headers.ts';
export { httpServerOptions } from './http-server.ts';
export { ClientInfo, type WireClientInfo } from './hubclientinfo/client-info.ts';
export { getClientInfo } from './hubclientinfo/get-client-info.ts';
export { getClientInfos } from './hubclientinfo/get-client-infos.ts';
export { putClientInfo } from './hubclientinfo/put-client-info.ts';
export { Connector, ConnectorPatch, type WireConnector, type WireConnectorPatch } from './locations/connector.ts';
export { Evse, EvsePatch, type EvseStatus, type WireEvse, type WireEvsePatch } from './locations/evse.ts';
export { getConnector, getEvse, getLocation } from './locations/get-location.ts';
export { getLocations } from './locations/get-locations.ts';
export { Location, LocationPatch, type WireLocation, type WireLocationPatch } from './locations/location.ts';
export { patchConnector, patchEvse, patchLocation } from './locations/patch-location.ts';
export { putConnector, putEvse, putLocation } from './locations/put-location.ts';
export { readBackConnector, readBackEvse, readBackLocation } from './locations/read-back-location.ts';
export { openApi } from './openapi.ts';
export { nextPage, offsetAndLimit, PageQuery } from './paging.ts';
export type { PeerAnswer } from './peer-answer.ts';
export { type ServeEvent, type ServeOptions, serveOcpi } from './serve.ts';
export {
  ChargingPreferences,
  ChargingPreferencesResponse,
  readChargingPreferences,
  type WireChargingPreferences,
} from './sessions/charging-preferences.ts';
export { forwardChargingPreferences } from './sessions/forward-charging-preferences.ts';
export { getSession } from './sessions/get-session.ts';
export { getSessions } from './sessions/get-sessions.ts';
export { patchSession } from './sessions/patch-session.ts';
export { putSession } from './sessions/put-session.ts';
export { CdrToken, ChargingPeriod, Session, SessionPatch, sessionNameMismatch, type WireSession, type WireSessionPatch } from './sessions/session.ts';
export { setChargingPreferences } from './sessions/set-charging-preferences.ts';
export { type StatusCode, statusCodes } from './status.ts';
export { authorizeToken } from './tokens/authorize-token.ts';
export { getToken } from './tokens/get-token.ts';
export { getTokens } from './tokens/get-tokens.ts';
export { patchToken } from './tokens/patch-token.ts';
export { putToken } from './tokens/put-token.ts';
export {
  AuthorizationInfo,
  LocationReferences,
  Token,
  type TokenName,
  TokenPatch,
  tokenNameMismatch,
  type WireAuthorizationInfo,
  type WireToken,
  type WireTokenPatch,
} from './tokens/token.ts';
export type { HttpAnswer, OutgoingRequest, Transport } from './transport.ts';
export { getVersionDetails } from './versions/get-version-details.ts';
export { getVersions } from './versions/get-versions.ts';
export { EndpointEntry, Version, VersionDetail, type WireEndpointEntry, type WireVersion, type WireVersionDetail } from './versions/version.ts';
