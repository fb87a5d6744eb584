import { originOf } from '../../delivery/guard/origin.ts';
import type { PartyRole, PeerEndpoint } from '../../domain/party.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { callEndpoint, type PeerClient } from '../../ocpi/call.ts';
import { type Edition, editions } from '../../ocpi/editions.ts';
import type { PeerAnswer } from '../../ocpi/peer-answer.ts';
import { getVersionDetails } from '../../ocpi/versions/get-version-details.ts';
import { getVersions } from '../../ocpi/versions/get-versions.ts';
import type { Context } from '../core/context.ts';
import { transportTo } from './peer-client.ts';

/** What a platform offers in the edition that is taken, and where requests to it may go from now on. */
export interface Discovered {
  edition: Edition;
  endpoints: readonly PeerEndpoint[];
  origins: readonly string[];
}

/** Why a platform cannot be connected with, in the code that OCPI has for it (STA-11). */
export interface DiscoveryError {
  code: 2001 | 3001 | 3002 | 3003;
  says: string;
}

/** Where a platform is and the token that it reads. */
export interface PeerAddress {
  peer: string;
  versionsUrl: string;
  token: PeerClient['token'];
  /** The edition that must be used; absent: the highest that both speak (VER-08). */
  edition?: Edition;
}

/** Reads a platform's versions and details with the guarded client; nothing is kept (CRE-03, CRE-11, SEC-02). */
export async function discover(context: Context, { peer, versionsUrl, token, edition: wanted }: PeerAddress): Promise<Result<Discovered, DiscoveryError>> {
  const insecureHttp = context.config.insecure_http;
  const origins = new Set<string>();
  const admit = (url: string): DiscoveryError | undefined => {
    const origin = originOf(url, { insecureHttp });
    if (origin.ok) origins.add(origin.value);
    return origin.ok ? undefined : { code: 3001, says: `${url.slice(0, 100)}: ${origin.problem}` };
  };
  const line: PeerClient = { transport: transportTo(context, { id: peer, originSet: origins }), edition: wanted ?? '2.2.1', token };

  const strange = admit(versionsUrl);
  if (strange) return fail({ ...strange, code: 2001 });
  const versions = await callEndpoint(line, getVersions, { base: versionsUrl, params: undefined, query: undefined, body: undefined });
  if (versions.is === 'FAILED') return fail(trouble('versions', versions));
  const edition = highestShared(
    versions.data.map((it) => it.version),
    wanted,
  );
  const address = versions.data.find((it) => it.version === edition)?.url;
  if (!edition || !address)
    return fail({
      code: 3002,
      says: `versions: found ${versions.data.map((it) => it.version).join(', ') || 'none'}, needed ${wanted ?? editions.join(' or ')}`,
    });
  const elsewhere = admit(address);
  if (elsewhere) return fail(elsewhere);
  const details = await callEndpoint({ ...line, edition }, getVersionDetails, { base: address, params: undefined, query: undefined, body: undefined });
  if (details.is === 'FAILED') return fail(trouble('version details', details));
  const { endpoints } = details.data;
  const unfit = endpoints.map((it) => admit(it.url)).find((it) => it !== undefined);
  if (unfit) return fail(unfit);
  return ok({ edition, endpoints, origins: [...origins] });
}

const trouble = (what: string, { because, message }: Extract<PeerAnswer<unknown>, { is: 'FAILED' }>): DiscoveryError => ({
  code: 3001,
  says: `${what}: ${because}${message ? `: ${message}` : ''}`,
});

/** Newer editions stand later in our list (VER-08). */
const highestShared = (theirs: readonly string[], wanted: Edition | undefined): Edition | undefined =>
  editions.findLast((edition) => theirs.includes(edition) && (wanted === undefined || edition === wanted));

/** What a platform of these roles must offer, or nothing can be done with it (CRE-20, CRE-21, VER-11). */
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
