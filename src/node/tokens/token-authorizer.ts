import { fold, type StationId } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import type { IdToken } from '../../domain/station.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import type { WireToken } from '../../ocpi/tokens/token.ts';
import {
  type Authorization,
  allows,
  type CdrToken,
  cdrTokenOf,
  decideLocally,
  type IdentifiedToken,
  identifyToken,
  type KnownToken,
} from '../../roles/cpo/authorize-token.ts';
import type { AuthorizationGrant } from '../../roles/cpo/session.ts';
import { driverIdOf } from '../../store/encryption.ts';
import { knownTokens } from '../../store/sql/token.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';

/** The charge point and location where a token is presented. */
export interface ShownAt {
  station: StationId;
  locationId: string | undefined;
}

/** Requests an authorization of a token from its eMSP. */
export type AuthorizeAtEmsp = (request: { token: KnownToken; locationId: string | undefined }) => Promise<Authorization>;

/** An authorization is valid for a session that starts within this time. */
const VALID_MS = 5 * 60_000;

/** Identifies tokens at charge points and decides whether they may charge: by the list of the configuration, then by the tokens of eMSPs (OCPI 2.2.1 §12). */
export class TokenAuthorizer {
  readonly #context: Context;
  readonly #authorizeAtEmsp: AuthorizeAtEmsp;
  readonly #listed: ReadonlyMap<string, KnownToken>;
  /** Authorizations by eMSPs whose session has not started yet, by charge point and uid. */
  readonly #authorizations = new Map<string, AuthorizationGrant & { until: EpochMillis }>();

  constructor(context: Context, authorizeAtEmsp: AuthorizeAtEmsp) {
    this.#context = context;
    this.#authorizeAtEmsp = authorizeAtEmsp;
    context.metrics.keep('authorizations', () => this.#authorizations.size);
    this.#listed = new Map(context.config.tokens.map((it) => [fold(it.uid), it]));
  }

  /** The token as the `cdr_token` of a session; undefined when it is unknown or invalid. */
  async find(shown: IdToken | undefined): Promise<CdrToken | undefined> {
    if (!shown) return undefined;
    const found = await this.#identify(shown);
    return found.is === 'KNOWN' && found.token.valid ? cdrTokenOf(found.token) : undefined;
  }

  /** Whether a token may charge at this place. If the whitelist of the token demands it, its eMSP decides, within five seconds. */
  async mayCharge(shown: IdToken, at: ShownAt): Promise<boolean> {
    const found = await this.#identify(shown);
    if (found.is !== 'KNOWN') return false;
    const { token } = found;
    const rule = this.#isOurs(token) ? (token.valid ? 'YES' : 'NO') : decideLocally(token);
    switch (rule) {
      case 'YES':
      case 'NO':
        return rule === 'YES';
      case 'ASK':
        return this.#decideAtEmsp(token, at, { ifSilent: false });
      case 'ASK_FIRST':
        return this.#decideAtEmsp(token, at, { ifSilent: token.valid });
      default:
        return rule satisfies never;
    }
  }

  /** The authorization for the session that starts at this charge point with this token; each is for one session. */
  takeAuthorization(station: StationId, token: { uid: string }): AuthorizationGrant | undefined {
    const key = authorizationKey(station, token);
    const authorization = this.#authorizations.get(key);
    this.#authorizations.delete(key);
    if (!authorization || authorization.until <= this.#context.clock.steady()) return undefined;
    return authorization.reference === undefined ? {} : { reference: authorization.reference };
  }

  async #identify(shown: IdToken): Promise<IdentifiedToken> {
    const listed = this.#listed.get(fold(shown.uid));
    const stored = listed ? [] : await this.#context.store.all(knownTokens<WireToken>(driverIdOf(this.#context.encryption, shown.uid)));
    const found = identifyToken(
      shown,
      listed,
      stored.map((it) => it.body),
    );
    if (found.is === 'DISPUTED')
      this.#context.reportError(
        'token of several eMSPs',
        `${found.parties.join(' and ')} claim the same token, so it may not charge: name its owner under tokens: in the configuration`,
      );
    return found;
  }

  /** This node is the eMSP of the token and decides itself. */
  #isOurs = (token: KnownToken) => hostedParties(this.#context.config, 'EMSP').includes(keyOf(token));

  async #decideAtEmsp(token: KnownToken, { station, locationId }: ShownAt, { ifSilent }: { ifSilent: boolean }): Promise<boolean> {
    const answer = await this.#authorizeAtEmsp({ token, locationId });
    const result = answer.is === 'ANSWERED' ? answer.info.allowed : answer.is;
    this.#context.journal.note({ step: 'token-checked', station, party: keyOf(token), answer: result });
    if (answer.is === 'SILENT') return ifSilent;
    const key = authorizationKey(station, token);
    const allowed = answer.is === 'ANSWERED' && allows(answer.info, locationId);
    this.#authorizations.delete(key);
    if (allowed) this.#remember(key, answer.info.authorization_reference);
    return allowed;
  }

  #remember(key: string, reference: string | undefined): void {
    const now = this.#context.clock.steady();
    for (const [old, { until }] of this.#authorizations) if (until <= now) this.#authorizations.delete(old);
    this.#authorizations.set(key, { until: epochMillis(now + VALID_MS), ...(reference !== undefined && { reference }) });
  }
}

const authorizationKey = (station: StationId, { uid }: { uid: string }) => `${station}\n${fold(uid)}`;
