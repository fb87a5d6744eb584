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

/** Saves the tokens of our customers that the configuration lists (OCPI 2.2.1 §12.2.2). `last_updated` of a token changes only when its entry changed. */
export async function saveConfiguredTokens({ store, clock, config, encryption }: Context): Promise<void> {
  const stored = await store.all(allOwnTokens<WireToken>());
  const changed = changedTokens(
    listedTokens(config),
    stored.map((it) => it.body),
    clock.now(),
  );
  const writes = changed.map((body) =>
    saveToken<WireToken>(tokenKey(encryption, body), { own: true, lastUpdated: readDateTime(body.last_updated) ?? epochMicros(clock.now() * 1000), body }),
  );
  if (writes.length > 0) await store.commit(writes);
}

/** One page of our own tokens, and their total number. */
export async function pageOfOwnTokens({ store }: Pick<Context, 'store'>, window: ListWindow): Promise<{ items: WireToken[]; total: number }> {
  const [found, total] = await Promise.all([store.all(ownTokens<WireToken>(window)), store.first(countOwnTokens(window))]);
  return { items: found.map((it) => it.body), total: total ?? 0 };
}

/** A token of ours that a CPO asks about. */
export interface TokenQuery {
  uid: string;
  type?: string | undefined;
  location?: WireAuthorizationInfo['location'];
}

/** The answer about one of our tokens. UNKNOWN: it is not ours. NEEDS_LOCATION: where it may charge depends on the location, and none was named. */
export async function authorizeOwnToken(
  { store, encryption, config }: Pick<Context, 'store' | 'encryption' | 'config'>,
  { uid, type = DEFAULT_TOKEN_TYPE, location }: TokenQuery,
): Promise<WireAuthorizationInfo | 'UNKNOWN' | 'NEEDS_LOCATION'> {
  const found = await store.first(ownTokensOfDriver<WireToken>(driverIdOf(encryption, uid), type));
  if (!found) return 'UNKNOWN';
  const listed = config.tokens.find((it) => fold(it.uid) === fold(uid) && it.type === type && keyOf(it) === keyOf(found.body));
  return authorize(found.body, location, listed?.only_at) ?? 'NEEDS_LOCATION';
}

/** The tokens of the configuration that belong to an eMSP of this node, with the fields of OCPI. */
function listedTokens({ tokens, parties }: Config): readonly ListedToken[] {
  const names = new Map(parties.filter((it) => it.role === 'EMSP').map((it) => [keyOf(it), it.name]));
  return tokens.flatMap(({ only_at: _, ...entry }) => {
    const name = names.get(keyOf(entry));
    return name === undefined
      ? []
      : [{ ...entry, country_code: fold(entry.country_code), party_id: fold(entry.party_id), issuer: entry.issuer ?? name.slice(0, 64) }];
  });
}
