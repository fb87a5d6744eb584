import type { PartyKey, SessionKey } from '../../domain/ids.ts';

/** A party's profile that must leave a session. */
export interface ProfileToWithdraw {
  session: SessionKey;
  party: PartyKey;
  /** A SET of this party may still reach the station; the clear is sent behind it. */
  underWay: boolean;
}

/** Clears what a party has set on a session: there was `nothing`, the clear was `asked` for, or that could `not yet` be done and is to be tried again. */
export type WithdrawProfile = (profile: ProfileToWithdraw) => Promise<'nothing' | 'asked' | 'not yet'>;
