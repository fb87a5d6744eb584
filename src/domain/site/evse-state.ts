import type { ChargingProfile } from '../profile/charging-profile.ts';
import { downToTenth, floorTenth } from '../profile/convert.ts';
import { combine, NO_LIMIT, type Schedule, type Span, scheduleOf } from '../profile/schedule.ts';
import { type Amperes, amperes, type EpochSeconds, epochSeconds } from '../units.ts';
import type { EvseEvent } from './event.ts';
import { type HeldLimit, heldFrom, highestWithin, type LaterLimit } from './held-limit.ts';
import { type SiteEvse, wattsPerAmpere } from './limit-tree.ts';
import { NO_USAGE_CAP, type UsageCap, updateUsageCap } from './usage-cap.ts';

/** The delays of the site balance, in s. */
export interface Delays {
  /** How long before a scheduled reduction the balance applies it. */
  readonly lead: number;
  /** How long a car may take to follow a lower limit; until then the old limit counts (IEC 61851-1 allows 5 s). */
  readonly settle: number;
  /** From an order to an EVSE to the next raise of that EVSE. */
  readonly beforeRaise: number;
  /** Between two attempts at a station that refuses orders or is silent. */
  readonly retry: number;
  /** How long a car must draw less than its limit before its share is reduced. */
  readonly unused: number;
}

/** The delays that apply unless a site sets its own. */
export const DEFAULT_DELAYS: Delays = { lead: 60, settle: 5, beforeRaise: 10, retry: 60, unused: 600 };

/** The state of one EVSE as the balance knows it. */
export interface EvseState {
  readonly pluggedAt: EpochSeconds | undefined;
  readonly weight: number;
  /** The profile of the session, in A on each phase of the grid. */
  readonly profile: Schedule<Amperes>;
  /** The last limit that the station confirmed; it applies to the next car too. */
  readonly confirmed: Amperes | undefined;
  /** How the confirmed limit changes by itself. */
  readonly later: readonly LaterLimit[];
  /** Orders without an answer, oldest first; each of them may be in force. */
  readonly sent: readonly ({ readonly id: number } & HeldLimit)[];
  readonly settling: { readonly current: Amperes; readonly until: EpochSeconds } | undefined;
  readonly silent: boolean;
  /** No order is sent before this moment. */
  readonly retryAt: EpochSeconds | undefined;
  /** A measured current above the largest allowed current. */
  readonly measured: Amperes | undefined;
  readonly usage: UsageCap;
  readonly orderedAt: EpochSeconds;
  /** The periods that the station takes in one profile. */
  readonly periods: number;
  /** The node only observes the EVSE: it gets no orders, and its car may draw whatever the EVSE carries. */
  readonly observed: boolean;
}

/** The state of an EVSE before its first event. */
export const UNKNOWN_EVSE: EvseState = {
  pluggedAt: undefined,
  weight: 1,
  profile: NO_LIMIT,
  confirmed: undefined,
  later: [],
  sent: [],
  settling: undefined,
  silent: false,
  retryAt: undefined,
  measured: undefined,
  usage: NO_USAGE_CAP,
  orderedAt: epochSeconds(-Infinity),
  periods: Infinity,
  observed: false,
};

/**
 * The largest current that a car may draw: the last confirmed limit or a higher unanswered order. Without a confirmed limit: the
 * maximum of the EVSE with a car, 0 without one.
 */
export function largestAllowed({ maximum }: SiteEvse, { confirmed, pluggedAt, sent }: EvseState): Amperes {
  const known = confirmed ?? (pluggedAt === undefined ? amperes(0) : maximum);
  return sent.reduce((most, { current }) => (current > most ? current : most), known);
}

/** The confirmed limit over time; undefined: none is confirmed. */
export const confirmedLimit = ({ confirmed, later }: EvseState): HeldLimit | undefined => (confirmed === undefined ? undefined : { current: confirmed, later });

/** The state at a moment: limits that began by then hold. */
export function evseAtMoment(it: EvseState, now: EpochSeconds): EvseState {
  const held = confirmedLimit(it);
  const since = held && heldFrom(held, now);
  const sent = it.sent.some(({ later }) => later.length > 0) ? it.sent.map((order) => heldFrom(order, now)) : it.sent;
  if (since === held && sent.every((order, n) => order === it.sent[n])) return it;
  return { ...it, ...(since && { confirmed: since.current, later: since.later }), sent };
}

/** The largest current that a car may draw at any moment of a span, if no further order arrives. */
export function largestWithin({ maximum }: SiteEvse, it: EvseState, span: Span): Amperes {
  const confirmed = confirmedLimit(it);
  const known = confirmed ? highestWithin(confirmed, span) : it.pluggedAt === undefined ? amperes(0) : maximum;
  return it.sent.reduce((most, order) => {
    const current = highestWithin(order, span);
    return current > most ? current : most;
  }, known);
}

/** The highest current that counts at any moment of a span, if no further order arrives. */
export function countedWithin(evse: SiteEvse, it: EvseState, span: Span): Amperes {
  const settling = it.settling && span.from < it.settling.until ? it.settling.current : 0;
  return amperes(Math.max(largestWithin(evse, it, span), settling, it.measured ?? 0));
}

/** The current that counts against the limits: the highest of the allowed current, the old limit while a car settles, and a measured excess. */
export function countedCurrent(evse: SiteEvse, it: EvseState, now: EpochSeconds): Amperes {
  const settling = it.settling && now < it.settling.until ? it.settling.current : 0;
  return amperes(Math.max(largestAllowed(evse, it), settling, it.measured ?? 0));
}

/** Whether no order can change the current of the EVSE now. */
export const isFixed = ({ observed, silent, retryAt, measured }: EvseState, now: EpochSeconds): boolean =>
  observed || silent || measured !== undefined || (retryAt !== undefined && now < retryAt);

/** A: a measured excess up to this value is a meter error. */
const METER_ERROR = 0.2;

interface Circumstances {
  readonly evse: SiteEvse;
  readonly now: EpochSeconds;
  readonly delays: Delays;
}

/** Events which show that a station answers again. One that measures may still not answer: its share stays as it is, and it is tried again later. */
const ANSWERS: readonly EvseEvent['kind'][] = ['confirmed', 'refused', 'responded'];

/** The state after an event; the same object when nothing changed. */
export function updateEvse(it: EvseState, event: EvseEvent, circumstances: Circumstances): EvseState {
  const { evse, now, delays } = circumstances;
  if (event.kind === 'silent')
    return event.what === 'meter' ? { ...it, usage: NO_USAGE_CAP } : { ...it, silent: true, retryAt: epochSeconds(now + delays.retry) };
  if (event.kind === 'preferred') return it.pluggedAt === undefined || it.weight === event.weight ? it : { ...it, weight: event.weight };
  if (event.kind === 'observed') return it.observed === event.observed ? it : { ...it, observed: event.observed };
  if (event.kind === 'takes') return it.periods === event.periods ? it : { ...it, periods: event.periods };
  const responding = it.silent && ANSWERS.includes(event.kind) ? { ...it, silent: false, retryAt: now } : it;
  switch (event.kind) {
    case 'plugged-in':
      return responding.pluggedAt === undefined ? { ...responding, ...NO_CAR, pluggedAt: now, weight: event.weight ?? 1 } : responding;
    case 'plugged-out':
      return { ...responding, ...NO_CAR };
    case 'meter':
      return readMeter(responding, event.current, circumstances);
    case 'profile-changed':
      return { ...responding, profile: event.profile ? gridProfile(event.profile, event.chargingStarted, evse) : NO_LIMIT };
    case 'confirmed':
      return confirm(responding, event.order, circumstances);
    case 'responded':
      return responding;
    case 'refused':
      if (!responding.sent.some(({ id }) => id === event.order)) return responding;
      return { ...responding, sent: responding.sent.filter(({ id }) => id !== event.order), retryAt: epochSeconds(now + delays.retry) };
  }
  return event satisfies never;
}
const NO_CAR = { pluggedAt: undefined, weight: 1, profile: NO_LIMIT, measured: undefined, usage: NO_USAGE_CAP };

function readMeter(it: EvseState, current: Amperes, { evse, now, delays }: Circumstances): EvseState {
  const above = current > countedCurrent(evse, { ...it, measured: undefined }, now) + METER_ERROR;
  const measured = above ? current : undefined;
  const limit = it.confirmed ?? evse.maximum;
  const usage = updateUsageCap(it.usage, { drawn: current, limit, minimum: evse.minimum, now, delay: delays.unused });
  return measured === it.measured && usage === it.usage ? it : { ...it, measured, usage };
}

/** A station processes orders in sequence, so a confirmed order ends all earlier ones. A late answer to one of these is ignored. */
function confirm(it: EvseState, order: number, { evse, now, delays }: Circumstances): EvseState {
  const accepted = it.sent.find(({ id }) => id === order);
  if (!accepted) return it;
  const before = countedCurrent(evse, { ...it, measured: undefined }, now);
  const after: EvseState = {
    ...it,
    confirmed: accepted.current,
    later: accepted.later,
    sent: it.sent.filter(({ id }) => id > order),
    measured: undefined,
    settling: undefined,
    retryAt: undefined,
  };
  const settles = before > largestAllowed(evse, after) && it.pluggedAt !== undefined;
  return settles ? { ...after, settling: { current: before, until: epochSeconds(now + delays.settle) } } : after;
}

/**
 * The limits of a profile in A on each phase of the grid, rounded down to 0.1 A. On DC a current is on the side of the car: it
 * counts at the maximum voltage of the EVSE, so the balance never limits a car below its profile; the station applies the profile.
 */
function gridProfile(profile: ChargingProfile, chargingStarted: EpochSeconds, at: SiteEvse): Schedule<Amperes> {
  const fromWatts = (power: number) => amperes(downToTenth(power / wattsPerAmpere(at)));
  if (profile.unit === 'W') return mapLimits(scheduleOf(profile, chargingStarted), fromWatts);
  const fromAmperes = (current: number) => (at.evse.powerType === 'DC' ? fromWatts(current * at.evse.maxVoltage) : amperes(floorTenth(current)));
  return mapLimits(scheduleOf(profile, chargingStarted), fromAmperes);
}

const mapLimits = <L>(schedule: Schedule<L>, convert: (limit: L) => Amperes): Schedule<Amperes> =>
  combine(schedule, NO_LIMIT, (limit) => (limit === undefined ? undefined : convert(limit)));
