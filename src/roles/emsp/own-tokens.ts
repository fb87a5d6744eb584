import { fold } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { dateTimeMillis, printDateTime } from '../../ocpi/date-time.ts';
import type { WireAuthorizationInfo, WireToken, WireTokenPatch } from '../../ocpi/tokens/token.ts';

/** A token in the operator's list, which has no last_updated. */
export type ListedToken = Omit<WireToken, 'last_updated'>;

/**
 * The tokens that differ from their stored state, each with a new last_updated. A stored token that is no longer listed becomes
 * invalid, because tokens are never deleted (OCPI 2.2.1 §12.1.1).
 */
export function changedTokens(listed: readonly ListedToken[], stored: readonly WireToken[], now: EpochMillis): readonly WireToken[] {
  const byKey = new Map(stored.map((it) => [tokenKey(it), it]));
  const listedKeys = new Set(listed.map(tokenKey));
  const removed = stored.filter((it) => it.valid && !listedKeys.has(tokenKey(it))).map((it) => ({ ...it, valid: false }));
  return [...listed, ...removed].flatMap((token) => {
    const before = byKey.get(tokenKey(token));
    return before && sameFields(before, token) ? [] : [{ ...token, last_updated: momentAfter(before, now) }];
  });
}

/** Separated by line breaks, which no id contains. */
const tokenKey = (it: ListedToken) => [keyOf(it), fold(it.type), fold(it.uid)].join('\n');

function sameFields(stored: WireToken, listed: ListedToken): boolean {
  const { last_updated: _, ...before } = stored;
  const fields = new Set([...Object.keys(before), ...Object.keys(listed)]);
  return [...fields].every((field) => JSON.stringify(Reflect.get(before, field)) === JSON.stringify(Reflect.get(listed, field)));
}

/** Later than the last_updated before, also after the clock was set back. */
function momentAfter(before: WireToken | undefined, now: EpochMillis): string {
  const last = before && dateTimeMillis(before.last_updated);
  return printDateTime(epochMillis(last === undefined ? now : Math.max(now, last + 1)));
}

/** The message that brings a receiver up to date: the whole token, or the changed fields. */
export type TokenChange = { by: 'PUT' } | { by: 'PATCH'; patch: WireTokenPatch };

/** The smallest message with the changes since `acknowledged`. A removed field requires a PUT, because a PATCH cannot remove one. */
export function tokenChange(acknowledged: WireToken | undefined, token: WireToken): TokenChange {
  if (!acknowledged || Object.keys(acknowledged).some((field) => !(field in token))) return { by: 'PUT' };
  const changed = Object.entries(token).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(acknowledged, field)));
  return { by: 'PATCH', patch: { ...Object.fromEntries(changed), last_updated: token.last_updated } };
}

type Place = NonNullable<WireAuthorizationInfo['location']>;

/**
 * The answer to an authorization request of a CPO: ALLOWED for a valid token, with the location of the request, else BLOCKED (OCPI 2.2.1
 * §12.3.1). A token with `onlyAt` is NOT_ALLOWED elsewhere, and undefined: without a location nothing can be decided (TOK-06). Opening
 * hours and the status of an EVSE never matter (TOK-04).
 */
export function authorize(token: WireToken, location: Place | undefined, onlyAt?: readonly Place[]): WireAuthorizationInfo | undefined {
  if (!token.valid) return { allowed: 'BLOCKED', token };
  if (!onlyAt) return { allowed: 'ALLOWED', token, ...(location && { location }) };
  if (!location) return undefined;
  const places = onlyAt.filter((it) => fold(it.location_id) === fold(location.location_id));
  const isEverywhereThere = places.some((it) => it.evse_uids === undefined);
  const permitted = places.flatMap((it) => it.evse_uids ?? []);
  const asked = location.evse_uids?.length ? location.evse_uids : permitted;
  const uids = asked.filter((uid) => permitted.some((it) => fold(it) === fold(uid)));
  if (isEverywhereThere) return { allowed: 'ALLOWED', token, location };
  return uids.length > 0 ? { allowed: 'ALLOWED', token, location: { ...location, evse_uids: uids } } : { allowed: 'NOT_ALLOWED', token };
}
