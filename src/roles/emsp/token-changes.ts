import type { WireToken, WireTokenPatch } from '../../ocpi/tokens/token.ts';

/** What brings a receiver from what it acknowledged to what is: the whole token, or the fields that changed. */
export type TokenChange = { by: 'PUT' } | { by: 'PATCH'; patch: WireTokenPatch };

/** The smallest message that tells a receiver of a token what changed since `acknowledged`; a PATCH takes no field away. */
export function tokenChange(acknowledged: WireToken | undefined, token: WireToken): TokenChange {
  if (!acknowledged || Object.keys(acknowledged).some((field) => !(field in token))) return { by: 'PUT' };
  const changed = Object.entries(token).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(acknowledged, field)));
  return { by: 'PATCH', patch: { ...Object.fromEntries(changed), last_updated: token.last_updated } };
}
