import type { Evse } from '../../domain/evse.ts';
import type { PartyKey, SessionKey, StationId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { profileIn } from '../../domain/profile/convert.ts';
import { limitAt, scheduleOf } from '../../domain/profile/schedule.ts';
import type { EpochSeconds } from '../../domain/units.ts';
import { lowestProfile } from '../sites/evse-limit.ts';

/** A running session whose profiles were not sent. */
interface ShadowSession {
  station: StationId;
  transactionId: string;
  evse: Evse;
  startedAt: EpochSeconds;
  profiles: Map<PartyKey, ChargingProfile>;
}

/** The profiles that sessions would have if the node sent them. In memory: a restart of the node forgets them until they are set again. */
export class ShadowProfiles {
  readonly #sessions = new Map<SessionKey, ShadowSession>();

  /** Sessions with profiles. */
  get size(): number {
    return this.#sessions.size;
  }

  /** A party sets its profile. The lowest of all parties holds. */
  set(key: SessionKey, by: PartyKey, { profile, ...session }: Omit<ShadowSession, 'profiles'> & { profile: ChargingProfile }): void {
    const known = this.#sessions.get(key) ?? { ...session, profiles: new Map() };
    known.profiles.set(by, profile);
    this.#sessions.set(key, known);
  }

  /** A profile is cleared: that of one party, or all without a party. */
  clear(key: SessionKey, by: PartyKey | undefined): void {
    const known = this.#sessions.get(key);
    if (by !== undefined) known?.profiles.delete(by);
    if (by === undefined || known?.profiles.size === 0) this.#sessions.delete(key);
  }

  /** A transaction has ended. */
  end(station: StationId, transactionId: string): void {
    for (const [key, it] of this.#sessions) if (it.station === station && it.transactionId === transactionId) this.#sessions.delete(key);
  }

  /** What would hold at an EVSE, and from when a profile without a start counts; undefined: no profile. */
  at(uid: string): { profile: ChargingProfile; startedAt: EpochSeconds } | undefined {
    for (const { evse, startedAt, profiles } of this.#sessions.values()) {
      const [first, ...more] = profiles.values();
      const profile = evse.uid === uid && first ? lowestProfile([first, ...more], { evse, startedAt }) : undefined;
      if (profile) return { profile, startedAt };
    }
    return undefined;
  }

  /** The limit of the profiles at an EVSE, in W over all phases; undefined: none now. */
  wattsAt(evse: Evse, now: EpochSeconds): number | undefined {
    const held = this.at(evse.uid);
    const inWatts = held && profileIn('W', held.profile, evse);
    return held && inWatts?.ok ? limitAt(scheduleOf(inWatts.value, held.startedAt), now) : undefined;
  }
}
