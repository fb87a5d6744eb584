import { NO_LIMIT, type Schedule } from '../profile/schedule.ts';
import { type Amperes, amperes, type EpochSeconds, epochSeconds } from '../units.ts';
import type { EvseEvent } from './event.ts';
import type { SiteEvse } from './limit-tree.ts';
import { profileOnGrid } from './profile-on-grid.ts';
import { NO_USAGE_CAP, type UsageCap, updateUsageCap } from './usage-cap.ts';

/** How patient the balance is; all in s. */
export interface Delays {
  /** Known cuts are answered so long before they come. */
  readonly lead: number;
  /** A car has so long to follow a lower limit: until then the old one counts (IEC 61851-1 allows 5 s). */
  readonly settle: number;
  /** Between an order to an EVSE and a raise of it. */
  readonly beforeRaise: number;
  /** Between two attempts at a station that refuses or is silent. */
  readonly retry: number;
  /** Of drawing less than the limit, before the rest is given back. */
  readonly unused: number;
}
export const DEFAULT_DELAYS: Delays = { lead: 60, settle: 5, beforeRaise: 10, retry: 60, unused: 600 };

/** What is known of one EVSE. */
export interface EvseState {
  readonly pluggedAt: EpochSeconds | undefined;
  readonly weight: number;
  /** The session's own profile, in A on each phase of the grid. */
  readonly profile: Schedule<Amperes>;
  /** The last limit that its station said it has taken; it binds the next car too. */
  readonly confirmed: Amperes | undefined;
  /** Orders without an answer, oldest first: any of them may hold. */
  readonly sent: readonly { readonly id: number; readonly current: Amperes }[];
  readonly settling: { readonly current: Amperes; readonly until: EpochSeconds } | undefined;
  readonly silent: boolean;
  /** Nothing is sent to it before. */
  readonly retryAt: EpochSeconds | undefined;
  /** A reading above everything that it may lawfully draw. */
  readonly measured: Amperes | undefined;
  readonly usage: UsageCap;
  readonly orderedAt: EpochSeconds;
}

export const UNKNOWN_EVSE: EvseState = {
  pluggedAt: undefined,
  weight: 1,
  profile: NO_LIMIT,
  confirmed: undefined,
  sent: [],
  settling: undefined,
  silent: false,
  retryAt: undefined,
  measured: undefined,
  usage: NO_USAGE_CAP,
  orderedAt: epochSeconds(-Infinity),
};

/** The largest current that a car may lawfully draw: the last confirmed limit or any that is sent and not answered; all of it under no limit. */
export function largestAllowed({ maximum }: SiteEvse, { confirmed, pluggedAt, sent }: EvseState): Amperes {
  const known = confirmed ?? (pluggedAt === undefined ? amperes(0) : maximum);
  return sent.reduce((most, { current }) => (current > most ? current : most), known);
}

/** What counts against the limits: what is lawful, what a car may still draw while it follows, and what it was seen to draw. */
export function countedCurrent(evse: SiteEvse, it: EvseState, now: EpochSeconds): Amperes {
  const settling = it.settling && now < it.settling.until ? it.settling.current : 0;
  return amperes(Math.max(largestAllowed(evse, it), settling, it.measured ?? 0));
}

/** Whether nobody can change now what it draws. */
export const isFixed = ({ silent, retryAt, measured }: EvseState, now: EpochSeconds): boolean =>
  silent || measured !== undefined || (retryAt !== undefined && now < retryAt);

/** Errors of meters up to so much, in A, are no deviation. */
const METER_ERROR = 0.2;

interface Circumstances {
  readonly evse: SiteEvse;
  readonly now: EpochSeconds;
  readonly delays: Delays;
}

/** What an event makes of what is known; the very same value when it tells nothing new. */
export function updateEvse(it: EvseState, event: EvseEvent, circumstances: Circumstances): EvseState {
  const { evse, now, delays } = circumstances;
  if (event.kind === 'silent')
    return event.what === 'meter' ? { ...it, usage: NO_USAGE_CAP } : { ...it, silent: true, retryAt: epochSeconds(now + delays.retry) };
  if (event.kind === 'preferred') return it.pluggedAt === undefined || it.weight === event.weight ? it : { ...it, weight: event.weight };
  const there = it.silent ? { ...it, silent: false, retryAt: now } : it;
  switch (event.kind) {
    case 'plugged-in':
      return there.pluggedAt === undefined ? { ...there, ...NO_CAR, pluggedAt: now, weight: event.weight ?? 1 } : there;
    case 'plugged-out':
      return { ...there, ...NO_CAR };
    case 'meter':
      return readMeter(there, event.current, circumstances);
    case 'profile-changed':
      return { ...there, profile: event.profile ? profileOnGrid(event.profile, event.chargingStarted, evse) : NO_LIMIT };
    case 'confirmed':
      return confirm(there, event.order, circumstances);
    case 'heard':
      return there;
    case 'refused':
      if (!there.sent.some(({ id }) => id === event.order)) return there;
      return { ...there, sent: there.sent.filter(({ id }) => id !== event.order), retryAt: epochSeconds(now + delays.retry) };
  }
  return event satisfies never;
}
const NO_CAR = { pluggedAt: undefined, weight: 1, profile: NO_LIMIT, measured: undefined, spare: NO_USAGE_CAP };

function readMeter(it: EvseState, current: Amperes, { evse, now, delays }: Circumstances): EvseState {
  const above = current > countedCurrent(evse, { ...it, measured: undefined }, now) + METER_ERROR;
  const measured = above ? current : undefined;
  const limit = it.confirmed ?? evse.maximum;
  const spare = updateUsageCap(it.usage, { drawn: current, limit, minimum: evse.minimum, now, delay: delays.unused });
  return measured === it.measured && spare === it.usage ? it : { ...it, measured, usage };
}

/** A station takes orders one after another: what was sent before a confirmed one holds no more. A late word for such a one tells nothing. */
function confirm(it: EvseState, order: number, { evse, now, delays }: Circumstances): EvseState {
  const taken = it.sent.find(({ id }) => id === order);
  if (!taken) return it;
  const was = countedCurrent(evse, { ...it, measured: undefined }, now);
  const then: EvseState = {
    ...it,
    confirmed: taken.current,
    sent: it.sent.filter(({ id }) => id > order),
    measured: undefined,
    settling: undefined,
    retryAt: undefined,
  };
  return was > largestAllowed(evse, then) && it.pluggedAt !== undefined
    ? { ...then, settling: { current: was, until: epochSeconds(now + delays.settle) } }
    : then;
}
