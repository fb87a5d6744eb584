import type { Clock } from '../../src/domain/clock.ts';
import { type Evse, phasesOf } from '../../src/domain/evse.ts';
import { type EpochMillis, seconds, type WattHours, type Watts, wattHours, watts } from '../../src/domain/units.ts';
import { type Car, charge, draw, isFull, LEAST_AC_CURRENT, type Offer } from '../battery.ts';

/** What an EVSE of a simulated station is made of; the same description that a node is configured with. */
export type OutletPlan = Omit<Evse, 'uid'> & { uid?: string };

export type ChargingState = 'EVConnected' | 'Charging' | 'SuspendedEV' | 'SuspendedEVSE';

/** Who starts a transaction; `type` in the words of OCPP 2.x. */
export interface Badge {
  uid: string;
  type: string;
}

export interface Transaction {
  /** OCPP 1.6: unknown until the node has named it. */
  id: string | undefined;
  startedAt: EpochMillis;
  badge: Badge;
  state: ChargingState;
  /** The next TransactionEvent's number (OCPP 2.x). */
  seqNo: number;
  remoteStartId?: number;
  reservationId?: number;
}

/** One EVSE with its socket: what is plugged in, what flows, what the meter shows. */
export interface Outlet {
  readonly plan: OutletPlan;
  car: Car | undefined;
  transaction: Transaction | undefined;
  /** Its transaction is over and the car still plugged in. */
  served: boolean;
  meter: WattHours;
  power: Watts;
  /** What it holds out to the car now. */
  offer: Offer;
  settledAt: EpochMillis;
  /** What takes back the next look at it and the next sample. */
  timers: { look?: () => void; sample?: () => void };
}

/** An EVSE with nothing plugged in. */
export function buildOutlet(plan: OutletPlan, clock: Clock): Outlet {
  const nothing = watts(0);
  return {
    plan,
    car: undefined,
    transaction: undefined,
    served: false,
    meter: wattHours(0),
    power: nothing,
    offer: { kind: 'DC', limit: nothing },
    settledAt: clock.now(),
    timers: {},
  };
}

/** What an EVSE can carry at most, in all. */
export function mostPower({ maxPower, maxVoltage, maxAmperage, powerType }: OutletPlan): Watts {
  return maxPower ?? watts(maxVoltage * maxAmperage * phasesOf(powerType));
}

/** Books what flowed since the last look, into the battery and onto the meter. */
export function settle(outlet: Outlet, now: EpochMillis): void {
  const span = seconds(Math.max(0, now - outlet.settledAt) / 1000);
  outlet.settledAt = now;
  if (!outlet.car || outlet.power === 0) return;
  outlet.meter = wattHours(outlet.meter + (outlet.power * span) / 3600);
  outlet.car = charge(outlet.car, outlet.power, span);
}

/** Holds a limit out to the car, which draws what it wants of it. */
export function feed(outlet: Outlet, offer: Offer): void {
  outlet.offer = offer;
  outlet.power = outlet.car && outlet.transaction ? draw(outlet.car, offer) : watts(0);
}

/** What the station says of a transaction: suspended by the EVSE when too little is held out, by the car when it wants none. */
export function stateOf({ car, offer, power }: Outlet): ChargingState {
  if (!car) return 'EVConnected';
  if (power > 0) return 'Charging';
  const enough = offer.kind === 'AC' ? offer.limit >= LEAST_AC_CURRENT : offer.limit > 0;
  return enough || isFull(car) ? 'SuspendedEV' : 'SuspendedEVSE';
}
