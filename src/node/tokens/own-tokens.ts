import { fold } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import { epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import { DEFAULT_TOKEN_TYPE, type WireAuthorizationInfo, type WireToken } from '../../ocpi/tokens/token.ts';
import { authorize, changedTokens, type ListedToken } from '../../roles/emsp/own-tokens.ts';
import { driverIdOf } from '../../store/encryption.ts';
import type { ListWindow } from '../../store/sql/session-rights.ts';
import { allOwnTokens, countOwnTokens, ownTokens, ownTokensOfDriver, saveToken, tokenKey } from '../../store/sql/token.ts';
import type { Config } from '../config/config.ts';
import type { Context } from '../core/context.ts';

/** The tokens of our own customers, as the configuration lists them (OCPI 2.2.1 §12.2.2). */
export class OwnTokens {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Brings the store to the list: the moment of a token moves exactly when its entry changed. */
  async settle(): Promise<void> {
    const { store, clock, config, encryption } = this.#context;
    const held = await store.all(allOwnTokens<WireToken>());
    const changed = changedTokens(
      listedTokens(config),
      held.map((it) => it.body),
      clock.now(),
    );
    const writes = changed.map((body) =>
      saveToken<WireToken>(tokenKey(encryption, body), { own: true, lastUpdated: readDateTime(body.last_updated) ?? epochMicros(clock.now() * 1000), body }),
    );
    if (writes.length > 0) await store.commit(writes);
  }

  /** One page of them, and how many there are in all. */
  async page(window: ListWindow): Promise<{ items: WireToken[]; total: number }> {
    const { store } = this.#context;
    const [found, total] = await Promise.all([store.all(ownTokens<WireToken>(window)), store.first(countOwnTokens(window))]);
    return { items: found.map((it) => it.body), total: total ?? 0 };
  }

  /** Whether one of them may charge at this moment; undefined when it is none of ours. */
  async authorize(uid: string, type = DEFAULT_TOKEN_TYPE, location?: WireAuthorizationInfo['location']): Promise<WireAuthorizationInfo | undefined> {
    const found = await this.#context.store.first(ownTokensOfDriver<WireToken>(driverIdOf(this.#context.encryption, uid), type));
    return found && authorize(found.body, location);
  }
}

/** The entries of the list that belong to an eMSP of this node, in OCPI's words. */
function listedTokens({ tokens, parties }: Config): readonly ListedToken[] {
  const names = new Map(parties.filter((it) => it.role === 'EMSP').map((it) => [keyOf(it), it.name]));
  return tokens.flatMap((entry) => {
    const name = names.get(keyOf(entry));
    return name === undefined
      ? []
      : [{ ...entry, country_code: fold(entry.country_code), party_id: fold(entry.party_id), issuer: entry.issuer ?? name.slice(0, 64) }];
  });
}
