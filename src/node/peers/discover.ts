import { originOf } from '../../delivery/guard/origin.ts';
import type { PeerId } from '../../domain/ids.ts';
import type { PartyRole, PeerEndpoint } from '../../domain/party.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { showValue } from '../../domain/show-value.ts';
import { callEndpoint, type PeerClient } from '../../ocpi/call.ts';
import { type Edition, editions } from '../../ocpi/editions.ts';
import type { Module } from '../../ocpi/endpoint.ts';
import type { TokenStyle } from '../../ocpi/headers.ts';
import { looseForm } from '../../ocpi/patience/schema.ts';
import type { PeerAnswer } from '../../ocpi/peer-answer.ts';
import { getVersionDetails } from '../../ocpi/versions/get-version-details.ts';
import { getVersions } from '../../ocpi/versions/get-versions.ts';
import type { Context } from '../core/context.ts';
import { reachOf } from '../core/outgoing.ts';
import { countSent, transportTo } from './peer-client.ts';

/** The highest shared edition of a platform, its endpoints, and the origins that requests may go to. */
export interface Discovered {
  edition: Edition;
  endpoints: readonly PeerEndpoint[];
  origins: readonly string[];
  /** How the platform reads its token (F-42). */
  tokenStyle: TokenStyle;
}

/** Why a platform cannot be registered, with the status code of OCPI (STA-11). */
export interface DiscoveryError {
  code: 2001 | 3001 | 3002 | 3003;
  says: string;
}

/** The versions URL of a platform, and the token that it accepts. */
export interface PeerAddress {
  /** The id of the peer in logs and limits of the client. */
  peer: PeerId;
  versionsUrl: string;
  token: PeerClient['token'];
  /** The edition to use; absent: the highest that both sides support (VER-08). */
  edition?: Edition;
}

/** Reads the versions and version details of a platform by the guarded client; stores nothing (CRE-03, CRE-11, SEC-02). */
export async function discover(context: Context, { peer, versionsUrl, token, edition: wanted }: PeerAddress): Promise<Result<Discovered, DiscoveryError>> {
  const origins = new Set<string>();
  const admit = (url: string): DiscoveryError | undefined => {
    const origin = originOf(url, reachOf(context.config));
    if (origin.ok) origins.add(origin.value);
    return origin.ok ? undefined : { code: 3001, says: `${url.slice(0, 100)}: ${origin.problem}` };
  };
  const patience = context.patience.with({ id: peer });
  const transport = transportTo(context, { id: peer, originSet: origins });

  const badVersionsUrl = admit(versionsUrl);
  if (badVersionsUrl) return fail({ ...badVersionsUrl, code: 2001 });
  const { versions, client } = await readVersions({ transport, edition: wanted ?? '2.2.1', token, patience, count: countSent(context) }, versionsUrl);
  if (versions.is === 'FAILED') return fail(failure('versions', versions));
  const edition = highestShared(
    versions.data.map((it) => it.version),
    wanted,
  );
  const detailsUrl = versions.data.find((it) => it.version === edition)?.url;
  if (!edition || !detailsUrl)
    return fail({
      code: 3002,
      says: `versions: found ${versions.data.map((it) => it.version).join(', ') || 'none'}, needed ${wanted ?? editions.join(' or ')}`,
    });
  const badDetailsUrl = admit(detailsUrl);
  if (badDetailsUrl) return fail(badDetailsUrl);
  const details = await callEndpoint({ ...client, edition }, getVersionDetails, { base: detailsUrl, params: undefined, query: undefined, body: undefined });
  if (details.is === 'FAILED') return fail(failure('version details', details));
  const endpoints: PeerEndpoint[] = [];
  for (const found of details.data.endpoints) {
    const endpoint = { ...found, identifier: patience.strict ? found.identifier : moduleNamed(found.identifier) };
    if (endpoint.identifier !== found.identifier)
      patience.note(getVersionDetails.name, [{ kind: 'other-spelling', field: 'endpoints.identifier', found: showValue(found.identifier) }]);
    const problem = admit(endpoint.url);
    if (!problem) endpoints.push(endpoint);
    else if (isUsed(endpoint) || patience.strict) return fail(problem);
    else patience.note(getVersionDetails.name, [{ kind: 'unusable-address', field: `endpoints.${endpoint.identifier.slice(0, 40)}.url`, found: 'an address' }]);
  }
  return ok({ edition, endpoints, origins: [...origins], tokenStyle: client.token.style });
}

/** The name of a module that this node uses, in the spelling of OCPI; other names stay as they are. */
const moduleNamed = (identifier: string): string => USED_MODULES.find((it) => looseForm(it) === looseForm(identifier)) ?? identifier;

/** Whether this node sends requests to such an endpoint. */
const isUsed = ({ identifier }: PeerEndpoint) => USED_MODULES.includes(identifier);
const USED_MODULES: readonly string[] = ['credentials', 'locations', 'sessions', 'chargingprofiles', 'tokens', 'hubclientinfo'] satisfies Module[];

/** Reads the versions of a platform with the token as given, or else in the other way of writing; `client` writes it as the platform reads it (F-42). */
async function readVersions(client: PeerClient, base: string) {
  const read = (by: PeerClient) => callEndpoint(by, getVersions, { base, params: undefined, query: undefined, body: undefined });
  const versions = await read(client);
  if (!refusesToken(versions)) return { versions, client };
  const other: PeerClient = { ...client, token: { ...client.token, style: otherStyle(client.token.style) } };
  const again = await read(other);
  return again.is === 'SUCCESS' ? { versions: again, client: other } : { versions, client };
}

/** Whether a platform did not know the token: some read it raw only, others in Base64 only. */
export const refusesToken = (answer: PeerAnswer<unknown>): boolean => answer.is === 'FAILED' && (answer.httpStatus === 401 || answer.httpStatus === 403);
/** The other way to write a token. */
export const otherStyle = (style: TokenStyle): TokenStyle => (style === 'raw' ? 'base64' : 'raw');

const failure = (what: string, { because, message }: Extract<PeerAnswer<unknown>, { is: 'FAILED' }>): DiscoveryError => ({
  code: 3001,
  says: `${what}: ${because}${message ? `: ${message}` : ''}`,
});

/** `editions` is sorted, the newest last (VER-08). */
const highestShared = (theirs: readonly string[], wanted: Edition | undefined): Edition | undefined =>
  editions.findLast((edition) => theirs.includes(edition) && (wanted === undefined || edition === wanted));

/** The modules that a platform with these roles needs and does not offer; undefined when none is missing (CRE-20, CRE-21, VER-11). */
export function missingModules(roles: readonly Pick<PartyRole, 'role'>[], endpoints: readonly PeerEndpoint[]): DiscoveryError | undefined {
  const offers = (identifier: string, role?: string) => endpoints.some((it) => it.identifier === identifier && (role === undefined || it.role === role));
  const cpo = roles.some((it) => it.role === 'CPO');
  const missing = [
    ...(offers('credentials') ? [] : ['credentials']),
    ...(cpo && !offers('sessions', 'SENDER') ? ['sessions as SENDER'] : []),
    ...(!cpo && !offers('sessions') ? ['sessions'] : []),
  ];
  return missing.length > 0 ? { code: 3003, says: `endpoints: missing ${missing.join(' and ')}` } : undefined;
}
