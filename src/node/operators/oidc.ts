import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import type { Configuration } from 'openid-client';
import type { Clock } from '../../domain/clock.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { newSecret } from '../../store/encryption.ts';
import { SCOPES, type Scope } from '../../store/sql/api-key.ts';
import type { Config } from '../config/config.ts';
import type { RunningWork } from '../core/running-work.ts';
import type { IssuerIdentity } from './users.ts';

type Settings = NonNullable<NonNullable<Config['console']>['oidc']>;

/** A pending sign-in ends after this time. */
const SIGN_IN_MS = 10 * 60_000;
/** Most sign-ins that are pending at one time. */
const MOST_PENDING = 1_000;
/** Timeout of requests to the issuer, in seconds. */
const ISSUER_TIMEOUT_S = 10;

/** A sign-in whose browser is at the issuer: what the redirect back is checked against. */
interface Pending {
  until: EpochMillis;
  verifier: string;
  state: string;
  nonce: string;
}

/** Sign-in by an issuer of OpenID Connect: authorization code with PKCE, state and nonce (OpenID Connect Core §3.1). */
export interface Oidc {
  /** Begins a sign-in. Returns the URL for the browser, and the id of the sign-in for its cookie. */
  begin(redirectUri: string): Promise<{ location: string; id: string }>;
  /** Ends a sign-in: `url` is the whole URL that the issuer redirected to, `id` the value of the cookie. Each id is valid once. */
  finish(url: URL, id: string): Promise<Result<IssuerIdentity>>;
}

/** What sign-in by an issuer uses. */
interface Dependencies {
  clock: Clock;
  work: Pick<RunningWork, 'cutOff'>;
  /** Allows an issuer with http. */
  insecure: boolean;
  /** Certificates (PEM) of authorities that are trusted beside the usual ones. */
  ca?: readonly string[];
}

export function createOidc(settings: Settings, { clock, work, ...more }: Dependencies): Oidc {
  const pending = new Map<string, Pending>();
  let configuration: Promise<Configuration> | undefined;

  /** Discovers the issuer at the first sign-in, so that a node starts without its issuer; again after a failure. */
  async function discovered(): Promise<Configuration> {
    configuration ??= discover(settings, { ...more, cutOff: work.cutOff });
    try {
      return await configuration;
    } catch (error) {
      configuration = undefined;
      throw error;
    }
  }

  return {
    begin: async (redirectUri) => {
      const client = await import('openid-client');
      const issuer = await discovered();
      const now = clock.steady();
      for (const [id, { until }] of pending) if (until <= now || pending.size >= MOST_PENDING) pending.delete(id);
      const it = { verifier: client.randomPKCECodeVerifier(), state: client.randomState(), nonce: client.randomNonce(), until: epochMillis(now + SIGN_IN_MS) };
      const id = newSecret();
      pending.set(id, it);
      const location = client.buildAuthorizationUrl(issuer, {
        redirect_uri: redirectUri,
        scope: settings.scope,
        state: it.state,
        nonce: it.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(it.verifier),
        code_challenge_method: 'S256',
      });
      return { location: location.href, id };
    },
    finish: async (url, id) => {
      const it = pending.get(id);
      pending.delete(id);
      if (!it || it.until <= clock.steady()) return fail('this sign-in is unknown, was used before, or took longer than 10 minutes');
      const client = await import('openid-client');
      try {
        const checks = { pkceCodeVerifier: it.verifier, expectedState: it.state, expectedNonce: it.nonce, idTokenExpected: true };
        const tokens = await client.authorizationCodeGrant(await discovered(), url, checks);
        return identityOf(settings, { ...tokens.claims() });
      } catch (error) {
        return fail(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

/** Requests to the issuer end when the node stops. */
async function discover(
  { issuer, client_id, client_secret_file }: Settings,
  { insecure, ca, cutOff }: Pick<Dependencies, 'insecure' | 'ca'> & { cutOff: AbortSignal },
): Promise<Configuration> {
  const client = await import('openid-client');
  const secret = client_secret_file === undefined ? undefined : readFileSync(client_secret_file, 'utf8').trim();
  const authentication = secret === undefined ? client.None() : client.ClientSecretBasic(secret);
  const send = ca === undefined ? fetch : await fetchTrusting(ca);
  return client.discovery(new URL(issuer), client_id, undefined, authentication, {
    timeout: ISSUER_TIMEOUT_S,
    [client.customFetch]: (url, options) =>
      send(url, { ...options, signal: AbortSignal.any([...(options.signal ? [options.signal] : []), cutOff]) } as RequestInit),
    ...(insecure && { execute: [client.allowInsecureRequests] }),
  });
}

/** A fetch that also trusts these authorities. The fetch of Node cannot; that of undici gives answers of a class of its own, which the client refuses. */
async function fetchTrusting(ca: readonly string[]): Promise<typeof fetch> {
  const undici = await import('undici');
  const dispatcher = new undici.Agent({ connect: { ca: [...getCACertificates('default'), ...ca] }, pipelining: 0 });
  return async (url, options) => {
    const answer = await undici.fetch(String(url), { ...options, dispatcher } as Parameters<typeof undici.fetch>[1]);
    return new Response(await answer.arrayBuffer(), { status: answer.status, statusText: answer.statusText, headers: [...answer.headers] });
  };
}

/** The user that the claims of an ID token describe; fails when the claims give no role of this node. */
function identityOf(settings: Settings, claims: Readonly<Record<string, unknown>>): Result<IssuerIdentity> {
  const { iss, sub } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string') return fail('the ID token has no iss or no sub');
  const role = roleOf(settings, at(claims, settings.role_claim));
  if (!role) return fail(`the claim ${settings.role_claim} has no role of this node, allowed: ${SCOPES.map((it) => settings.roles[it] ?? it).join(', ')}`);
  const name = at(claims, settings.name_claim);
  return ok({ issuer: iss, subject: sub, name: typeof name === 'string' && name !== '' ? name.slice(0, 64) : sub.slice(0, 64), role });
}

/** The highest role in a claim. */
const roleOf = ({ roles }: Settings, claim: unknown): Scope | undefined =>
  SCOPES.toReversed().find((role) => (Array.isArray(claim) ? claim : [claim]).includes(roles[role] ?? role));
/** The value of a claim: by its name, or by a path of names with dots between. */
const at = (claims: object, path: string): unknown =>
  Reflect.has(claims, path) ? Reflect.get(claims, path) : path.split('.').reduce<unknown>((inner, key) => Reflect.get(Object(inner), key), claims);
