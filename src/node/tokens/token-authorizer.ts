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

/** Where a token is shown. */
export interface ShownAt {
  station: StationId;
  locationId: string | undefined;
}

/** Asks the eMSP of a token whether it may charge. */
export type AuthorizeAtEmsp = (asked: { token: KnownToken; locationId: string | undefined }) => Promise<Authorization>;

/** A session that starts later than this after its token was allowed was not started by it. */
const GRANT_MS = 5 * 60_000;

/** Says whose token was shown, and whether it may charge: the operator's list first, then what eMSPs told us (OCPI 2.2.1 §12). */
export class TokenAuthorizer {
  readonly #context: Context;
  readonly #ask: AuthorizeAtEmsp;
  readonly #listed: ReadonlyMap<string, KnownToken>;
  readonly #grants = new Map<string, AuthorizationGrant & { until: EpochMillis }>();

  constructor(context: Context, ask: AuthorizeAtEmsp) {
    this.#context = context;
    this.#ask = ask;
    this.#listed = new Map(context.config.tokens.map((it) => [fold(it.uid), it]));
  }

  /** Whose token was shown, in the words of sessions; an invalid one is nobody's. */
  async find(shown: IdToken | undefined): Promise<CdrToken | undefined> {
    if (!shown) return undefined;
    const found = await this.#identify(shown);
    return found.is === 'KNOWN' && found.token.valid ? cdrTokenOf(found.token) : undefined;
  }

  /** Whether a token may charge there; its eMSP is asked when it wants to be, and has five seconds to answer. */
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
        return this.#asked(token, at, { ifSilent: false });
      case 'ASK_FIRST':
        return this.#asked(token, at, { ifSilent: token.valid });
      default:
        return rule satisfies never;
    }
  }

  /** What the eMSP gave for the session that starts at that charge point with that token; each grant is for one start. */
  takeAuthorization(station: StationId, token: { uid: string }): AuthorizationGrant | undefined {
    const name = grantName(station, token);
    const grant = this.#grants.get(name);
    this.#grants.delete(name);
    if (!grant || grant.until <= this.#context.clock.now()) return undefined;
    return grant.reference === undefined ? {} : { reference: grant.reference };
  }

  async #identify(shown: IdToken): Promise<IdentifiedToken> {
    const listed = this.#listed.get(fold(shown.uid));
    const held = listed ? [] : await this.#context.store.all(knownTokens<WireToken>(driverIdOf(this.#context.encryption, shown.uid)));
    const found = identifyToken(
      shown,
      listed,
      held.map((it) => it.body),
    );
    if (found.is === 'DISPUTED')
      this.#context.reportError(
        'a token that was shown',
        `${found.parties.join(' and ')} claim the same one, so it is nobody's: name its owner under tokens: in the configuration`,
      );
    return found;
  }

  /** We are its eMSP ourselves, and know all that there is to ask. */
  #isOurs = (token: KnownToken) => hostedParties(this.#context.config, 'EMSP').includes(keyOf(token));

  async #asked(token: KnownToken, { station, locationId }: ShownAt, { ifSilent }: { ifSilent: boolean }): Promise<boolean> {
    const answer = await this.#ask({ token, locationId });
    const word = answer.is === 'ANSWERED' ? answer.info.allowed : answer.is;
    this.#context.journal.note({ step: 'token-checked', station, party: keyOf(token), word });
    if (answer.is === 'SILENT') return ifSilent;
    const name = grantName(station, token);
    const allowed = answer.is === 'ANSWERED' && allows(answer.info, locationId);
    this.#grants.delete(name);
    if (allowed) this.#grant(name, answer.info.authorization_reference);
    return allowed;
  }

  #grant(name: string, reference: string | undefined): void {
    const now = this.#context.clock.now();
    for (const [old, { until }] of this.#grants) if (until <= now) this.#grants.delete(old);
    this.#grants.set(name, { until: epochMillis(now + GRANT_MS), ...(reference !== undefined && { reference }) });
  }
}

const grantName = (station: StationId, { uid }: { uid: string }) => `${station}\n${fold(uid)}`;
