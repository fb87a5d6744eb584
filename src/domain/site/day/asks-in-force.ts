import type { Ask } from '../../exchange.ts';
import type { PartyKey } from '../../ids.ts';
import type { ChargingProfile } from '../../profile/charging-profile.ts';

/** A request about the profile of a session that a charge point accepted. */
export interface AcceptedAsk {
  readonly by: PartyKey;
  readonly ask: Ask;
  /** The id of the user or API key that made it. */
  readonly author?: string | undefined;
  /** A clear removes the profiles of all, not only its own. */
  readonly clearsAll?: boolean;
}

/** A profile that somebody has set and nobody has replaced or cleared. */
export interface ProfileInForce {
  readonly by: PartyKey;
  readonly profile: ChargingProfile;
  readonly author?: string | undefined;
  /** It stands beside the profiles of others. */
  readonly beside: boolean;
}

/** The profiles that stood after these requests, in order of time. A set replaces all others, except a lower limit of the operator beside them. */
export function asksInForce(asks: readonly AcceptedAsk[]): readonly ProfileInForce[] {
  let standing: readonly ProfileInForce[] = [];
  for (const { by, ask, author, clearsAll = false } of asks) {
    const beside = ask.kind !== 'get' && ask.keepsOthers === true;
    const others = standing.filter((it) => it.by !== by);
    if (ask.kind === 'set') standing = [...others.filter((it) => beside || it.beside), { by, profile: ask.profile, author, beside }];
    else if (ask.kind === 'clear') standing = clearsAll ? [] : others;
  }
  return standing;
}
