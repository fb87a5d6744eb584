import { fold, type PartyKey, type StationId } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import type { IdToken, TokenDecision, TokenStatus } from '../../domain/station.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import type { WireToken } from '../../ocpi/tokens/token.ts';
import {
  type Authorization,
  type CdrToken,
  cdrTokenOf,
  decideLocally,
  type IdentifiedToken,
  identifyToken,
  type KnownToken,
  needsNoAuthorization,
  type PresentedAt,
  statusAt,
  statusFrom,
} from '../../roles/cpo/authorize-token.ts';
import type { AuthorizationGrant } from '../../roles/cpo/session.ts';
import { driverIdOf } from '../../store/encryption.ts';
import { knownTokens } from '../../store/sql/token.ts';
import type { Config } from '../config/config.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';

/** The charge point, location and EVSE where a token is presented; without `isEvseKnown` at one of its EVSEs. */
export interface ShownAt extends PresentedAt {
  station: StationId;
  /** The CPO of the charge point. */
  cpo: PartyKey | undefined;
  isEvseKnown: boolean;
}
/** A token that its eMSP is asked about. */
export interface AuthorizationRequest {
  token: KnownToken;
  at: ShownAt;
}

/** Requests an authorization of a token from its eMSP. */
export type AuthorizeAtEmsp = (request: AuthorizationRequest) => Promise<Authorization>;

/** An authorization is valid for a session that starts within this time. */
const VALID_MS = 5 * 60_000;

/** Identifies tokens at charge points and decides whether they may charge: by the list of the configuration, then by the tokens of eMSPs (OCPI 2.2.1 §12). */
export class TokenAuthorizer {
  readonly #context: Context;
  readonly #authorizeAtEmsp: AuthorizeAtEmsp;
  #listed: ReadonlyMap<string, Config['tokens'][number]> = new Map();
  /** Authorizations by eMSPs whose session has not started yet, by charge point and uid. */
  readonly #authorizations = new Map<string, AuthorizationGrant & { until: EpochMillis }>();

  constructor(context: Context, authorizeAtEmsp: AuthorizeAtEmsp) {
    this.#context = context;
    this.#authorizeAtEmsp = authorizeAtEmsp;
    context.metrics.keep('authorizations', () => this.#authorizations.size);
    this.reload();
  }

  /** The tokens of the configuration have changed. */
  reload(): void {
    this.#listed = new Map(this.#context.config.tokens.map((it) => [fold(it.uid), it]));
  }

  /** The token as the `cdr_token` of a session; undefined when it is unknown or invalid. */
  async find(shown: IdToken | undefined): Promise<CdrToken | undefined> {
    if (!shown || needsNoAuthorization(shown)) return undefined;
    const found = await this.#identify(shown);
    return found.is === 'KNOWN' && found.token.valid ? cdrTokenOf(found.token) : undefined;
  }

  /** Decides whether a token may charge at this place. If the whitelist of the token demands it, its eMSP decides, within five seconds. */
  async decide(shown: IdToken, at: ShownAt): Promise<TokenDecision> {
    if (needsNoAuthorization(shown)) return { status: 'Accepted' };
    const found = await this.#identify(shown);
    if (found.is !== 'KNOWN') return { status: 'Invalid' };
    const { token } = found;
    const local = token.valid ? this.#placeStatus(shown, at) : 'Blocked';
    const rule = this.#isOurs(token) ? 'LOCAL' : decideLocally(token);
    switch (rule) {
      case 'YES':
      case 'NO':
      case 'LOCAL':
        return inGroup(local, token);
      case 'ASK':
        return this.#decideAtEmsp(token, at, { ifSilent: 'Invalid' });
      case 'ASK_FIRST':
        return this.#decideAtEmsp(token, at, { ifSilent: local });
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

  /** A token of the configuration may charge at its places only. */
  #placeStatus({ uid }: IdToken, at: ShownAt): TokenStatus {
    const places = this.#listed.get(fold(uid))?.only_at ?? [];
    const statuses = places.map((location) => statusAt(location, at));
    return statuses.length === 0 || statuses.includes('Accepted') ? 'Accepted' : 'NotAtThisLocation';
  }

  /** This node is the eMSP of the token and decides itself. */
  #isOurs = (token: KnownToken) => hostedParties(this.#context.config, 'EMSP').includes(keyOf(token));

  async #decideAtEmsp(token: KnownToken, at: ShownAt, { ifSilent }: { ifSilent: TokenStatus }): Promise<TokenDecision> {
    const answer = await this.#authorizeAtEmsp({ token, at });
    const { station } = at;
    this.#context.journal.note({ step: 'token-checked', station, party: keyOf(token), answer: answer.is === 'ANSWERED' ? answer.info.allowed : answer.is });
    if (answer.is === 'SILENT') return inGroup(ifSilent, token);
    const key = authorizationKey(station, token);
    this.#authorizations.delete(key);
    if (answer.is !== 'ANSWERED') return { status: 'Invalid' };
    const status = statusFrom(answer.info, at);
    if (status === 'Accepted') this.#remember(key, answer.info.authorization_reference);
    return inGroup(status, answer.info.token);
  }

  #remember(key: string, reference: string | undefined): void {
    const now = this.#context.clock.steady();
    for (const [old, { until }] of this.#authorizations) if (until <= now) this.#authorizations.delete(old);
    this.#authorizations.set(key, { until: epochMillis(now + VALID_MS), ...(reference !== undefined && { reference }) });
  }
}

const inGroup = (status: TokenStatus, { group_id: group }: { group_id?: string }): TokenDecision => ({ status, ...(group !== undefined && { group }) });
const authorizationKey = (station: StationId, { uid }: { uid: string }) => `${station}\n${fold(uid)}`;
