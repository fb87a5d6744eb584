import type { EffectiveLimit } from '../limit/effective-limit.ts';
import type { LimitSource, Supply } from '../limit/limit-source.ts';
import type { SiteShare } from '../site/site-share.ts';
import type { EpochSeconds } from '../units.ts';

/** What the station, or the CPO of a remote session, says about the car and the meter. Absent: not said. */
export interface Measured {
  /** W over all phases. */
  readonly power?: number;
  /** A, the sum of all phases. */
  readonly current?: number;
  /** When it was measured. */
  readonly at?: EpochSeconds;
  /** The power is the average since the register before, not a measured value. */
  readonly estimated?: boolean;
  /** % of the battery. */
  readonly charge?: number;
  /** Whether the car charges now. */
  readonly charging?: boolean;
  readonly suspendedBy?: 'EV' | 'EVSE';
  /** The node has found that the car draws more than its limit, after the time that a car may take to follow. */
  readonly aboveLimit?: true;
}

/** The charge point of a session of this node. */
export interface StationFacts {
  readonly id: string;
  readonly online: boolean;
  /** When it was heard last. */
  readonly seen?: EpochSeconds;
  /** It takes charging profiles; absent: not known. */
  readonly takesProfiles?: boolean;
  /** It announced a limit of its own, such as that of an energy management system. */
  readonly announced: boolean;
  /** It accepted a profile and reports another limit. */
  readonly deviation?: 'above' | 'below';
}

/** All that a node knows about how fast one session charges. */
export interface SessionKnowledge {
  readonly now: EpochSeconds;
  readonly side: 'own' | 'remote';
  /** The status of the session in OCPI. */
  readonly status: string;
  readonly evse: string;
  readonly supply: Supply | undefined;
  readonly limit: EffectiveLimit | undefined;
  /** Since when it is not known which limit holds. */
  readonly unknownSince?: EpochSeconds | undefined;
  /** All limits that are set for the session, the maximum of its EVSE included. */
  readonly sources: readonly LimitSource[];
  readonly site?: SiteShare | undefined;
  readonly measured: Measured;
  /** Own sessions only. */
  readonly station?: StationFacts | undefined;
  /** Remote sessions: the CPO that reports it, and whether its messages contradict each other or are missing since a moment. */
  readonly cpo?: { readonly name: string; readonly stale: boolean; readonly since?: EpochSeconds } | undefined;
  /** The reason that the planner of this node gave for its profile. */
  readonly planned?: string | undefined;
}
