import { readFileSync } from 'node:fs';
import type { Configuration } from 'openid-client';
import type { Clock } from '../../domain/clock.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { newSecret } from '../../store/encryption.ts';
import { SCOPES, type Scope } from '../../store/sql/api-key.ts';
import type { Config } from '../config/config.ts';
import type { Vouched } from './users.ts';

type Settings = NonNullable<NonNullable<Config['console']>['oidc']>;

/** Whoever is sent to the issuer is back within this time, or begins again. */
const PATIENCE_MS = 10 * 60_000;
/** Visits to the issuer that are underway at once. */
const MOST_UNDERWAY = 1_000;
/** The issuer answers within this time, in seconds. */
const ISSUER_S = 10;

/** What must be known when somebody comes back. */
interface Underway {
  until: EpochMillis;
  verifier: string;
  state: string;
  nonce: string;
}

/** Signing in by an issuer of OpenID Connect: authorization code with PKCE, state and nonce (OpenID Connect Core §3.1). */
export interface Oidc {
  /** Where to send the browser, and what its cookie must say when it comes back. */
  begin(redirectUri: string): Promise<{ location: string; mark: string }>;
  /** Whom the issuer vouches for. `url`: where the browser came back to, whole. A mark counts once. */
  finish(url: URL, mark: string): Promise<Result<Vouched>>;
}

export function createOidc(settings: Settings, { clock, insecure }: { clock: Clock; insecure: boolean }): Oidc {
  const underway = new Map<string, Underway>();
  let known: Promise<Configuration> | undefined;

  /** Asked for when somebody first signs in, so that a node starts without its issuer; after a failure again. */
  async function discovered(): Promise<Configuration> {
    known ??= discover(settings, insecure);
    known.catch(() => {
      known = undefined;
    });
    return known;
  }

  return {
    begin: async (redirectUri) => {
      const client = await import('openid-client');
      const issuer = await discovered();
      const now = clock.now();
      for (const [mark, { until }] of underway) if (until <= now || underway.size >= MOST_UNDERWAY) underway.delete(mark);
      const it = { verifier: client.randomPKCECodeVerifier(), state: client.randomState(), nonce: client.randomNonce(), until: epochMillis(now + PATIENCE_MS) };
      const mark = newSecret();
      underway.set(mark, it);
      const location = client.buildAuthorizationUrl(issuer, {
        redirect_uri: redirectUri,
        scope: settings.scope,
        state: it.state,
        nonce: it.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(it.verifier),
        code_challenge_method: 'S256',
      });
      return { location: location.href, mark };
    },
    finish: async (url, mark) => {
      const it = underway.get(mark);
      underway.delete(mark);
      if (!it || it.until <= clock.now()) return fail('this way back is not known, or took too long');
      const client = await import('openid-client');
      try {
        const checks = { pkceCodeVerifier: it.verifier, expectedState: it.state, expectedNonce: it.nonce, idTokenExpected: true };
        const tokens = await client.authorizationCodeGrant(await discovered(), url, checks);
        return vouched(settings, { ...tokens.claims() });
      } catch (error) {
        return fail(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

async function discover({ issuer, client_id, client_secret_file }: Settings, insecure: boolean): Promise<Configuration> {
  const client = await import('openid-client');
  const secret = client_secret_file === undefined ? undefined : readFileSync(client_secret_file, 'utf8').trim();
  const authentication = secret === undefined ? client.None() : client.ClientSecretBasic(secret);
  return client.discovery(new URL(issuer), client_id, undefined, authentication, {
    timeout: ISSUER_S,
    ...(insecure && { execute: [client.allowInsecureRequests] }),
  });
}

/** Who somebody is by the claims about them; nobody without a role. */
function vouched(settings: Settings, claims: Readonly<Record<string, unknown>>): Result<Vouched> {
  const { iss, sub } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string') return fail('the issuer does not say whom it vouches for');
  const role = roleOf(settings, at(claims, settings.role_claim));
  if (!role) return fail(`the claim ${settings.role_claim} holds no role of this node: ${SCOPES.map((it) => settings.roles[it] ?? it).join(', ')}`);
  const name = at(claims, settings.name_claim);
  return ok({ issuer: iss, subject: sub, name: typeof name === 'string' && name !== '' ? name.slice(0, 64) : sub.slice(0, 64), role });
}

/** The highest one counts. */
const roleOf = ({ roles }: Settings, claim: unknown): Scope | undefined =>
  SCOPES.toReversed().find((role) => (Array.isArray(claim) ? claim : [claim]).includes(roles[role] ?? role));
const at = (claims: object, path: string): unknown =>
  Reflect.has(claims, path) ? Reflect.get(claims, path) : path.split('.').reduce<unknown>((inner, key) => Reflect.get(Object(inner), key), claims);
