import type { ChargingPreferences } from '../domain/preferences.ts';
import { type EpochSeconds, epochSeconds, type WattHours, wattHours } from '../domain/units.ts';
import type { SessionProblem } from './site-problem.ts';

/** What past sessions of a driver, a site or an hour of the day say. */
export interface Learnt {
  /** The number of past sessions. */
  sessions: number;
  /** s: four of five sessions stayed at least this long. */
  shortStay?: number;
  /** s: half of the sessions stayed at least this long. */
  usualStay?: number;
  /** Energy that half of the sessions, and nine of ten sessions, did not exceed. */
  usualEnergy?: WattHours;
  highEnergy?: WattHours;
}

/** One past session. */
export interface PastSession {
  /** s from plugging in to leaving. */
  stay: number;
  energy: WattHours;
}

/** What is known of a running session. */
export interface Observed {
  now: EpochSeconds;
  arrival: EpochSeconds;
  /** Energy delivered until now. */
  delivered: WattHours;
}

/** Fewer past sessions than this say nothing. */
const ENOUGH = 5;
/** Energy that a session is planned with after it got all it was expected to need: the car still takes more. */
const TAIL: WattHours = wattHours(1_000);
/** Energy of a session about which nothing is known. */
const UNKNOWN: WattHours = wattHours(30_000);

/** Learns from past sessions, the most similar first: of this driver here, else of this site at this hour, else of this site. */
export function learnFrom(groups: readonly (readonly PastSession[])[]): Learnt {
  const past = groups.find((group) => group.length >= ENOUGH) ?? groups.at(-1) ?? [];
  if (past.length < ENOUGH) return { sessions: past.length };
  const stays = past.map(({ stay }) => stay).sort((a, b) => a - b);
  const energies = past.map(({ energy }) => energy).sort((a, b) => a - b);
  const at = <T>(sorted: readonly T[], part: number): T => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] as T;
  return { sessions: past.length, shortStay: at(stays, 0.2), usualStay: at(stays, 0.5), usualEnergy: at(energies, 0.5), highEnergy: at(energies, 0.9) };
}

/** The window and the need of a session problem. */
export type WindowAndNeed = Pick<SessionProblem, 'departure' | 'likelyDeparture' | 'need' | 'delivered' | 'profileType' | 'dischargeAllowed'>;

/**
 * Turns what a driver stated and what was learnt into a window with two deadlines and a need. Both statements are beliefs: many
 * drivers leave earlier, and most take less energy than they say. The stated departure stays the end of the window, and energy after
 * the usual one costs more; the stated need is capped by what nine of ten past sessions took, but never below half of it.
 */
export function windowAndNeed(stated: ChargingPreferences | undefined, learnt: Learnt, observed: Observed): WindowAndNeed {
  const { departure, likelyDeparture } = deadlines(stated?.departure, learnt, observed);
  return {
    ...(departure !== undefined && { departure }),
    ...(likelyDeparture !== undefined && { likelyDeparture }),
    need: needOf(stated?.energyNeed, learnt, observed.delivered),
    delivered: observed.delivered,
    profileType: stated?.profileType ?? 'REGULAR',
    dischargeAllowed: stated?.dischargeAllowed ?? false,
  };
}

/** A moment that is past says nothing any more: the car is still there. */
function deadlines(stated: EpochSeconds | undefined, { shortStay, usualStay }: Learnt, { now, arrival }: Observed) {
  const after = (stay: number | undefined) => (stay !== undefined && arrival + stay > now ? epochSeconds(arrival + stay) : undefined);
  const departure = stated ?? after(usualStay);
  const likely = after(shortStay);
  return { departure, likelyDeparture: likely !== undefined && (departure === undefined || likely < departure) ? likely : undefined };
}

function needOf(stated: WattHours | undefined, { highEnergy, usualEnergy }: Learnt, delivered: WattHours): WattHours {
  const whole = stated === undefined ? (usualEnergy ?? UNKNOWN) : Math.min(stated, Math.max(highEnergy ?? stated, stated / 2));
  return wattHours(Math.max(whole - delivered, stated !== undefined && delivered >= stated ? 0 : TAIL));
}
