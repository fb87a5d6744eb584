import type { Clock } from '../../src/domain/clock.ts';
import { type Evse, phasesOf } from '../../src/domain/evse.ts';
import { amperes, type EpochMillis, seconds, type WattHours, type Watts, wattHours, watts } from '../../src/domain/units.ts';
import { type Car, charge, draw, isFull, MIN_AC_CURRENT, type Offer, stateOfCharge } from '../battery.ts';

/** The description of an EVSE, with the fields of a node's configuration. */
export type EvsePlan = Omit<Evse, 'uid'> & { uid?: string };

/** The charging states of OCPP 2.x that a simulated station uses. */
export type ChargingState = 'Idle' | 'EVConnected' | 'Charging' | 'SuspendedEV' | 'SuspendedEVSE';

/** The token that starts a transaction, with a `type` of OCPP 2.x, or RFID. */
export interface IdToken {
  uid: string;
  type: string;
}

/** A running transaction. */
export interface Transaction {
  /** OCPP 1.6: undefined until the node has assigned it. */
  id: string | undefined;
  startedAt: EpochMillis;
  idToken: IdToken;
  state: ChargingState;
  /** The number of the next TransactionEvent (OCPP 2.x). */
  seqNo: number;
  remoteStartId?: number;
  reservationId?: number;
}

/** The state of one EVSE: the car, the transaction, the power and the meter. */
export interface SimulatedEvse {
  readonly plan: EvsePlan;
  car: Car | undefined;
  transaction: Transaction | undefined;
  /** The transaction has ended and the car is still plugged in. */
  isFinished: boolean;
  meter: WattHours;
  /** The power that the car draws now. */
  power: Watts;
  /** The limit that the EVSE offers the car now. */
  offer: Offer;
  meteredAt: EpochMillis;
  /** Functions that cancel the next update and the next meter sample. */
  timers: { update?: () => void; sample?: () => void };
}

/** Makes an EVSE with no car. */
export function buildEvse(plan: EvsePlan, clock: Clock): SimulatedEvse {
  const nothing = watts(0);
  return {
    plan,
    car: undefined,
    transaction: undefined,
    isFinished: false,
    meter: wattHours(0),
    power: nothing,
    offer: { kind: 'DC', limit: nothing },
    meteredAt: clock.now(),
    timers: {},
  };
}

/** The maximum power of an EVSE over all its phases. */
export function powerLimitOf({ maxPower, maxVoltage, maxAmperage, powerType }: EvsePlan): Watts {
  return maxPower ?? watts(maxVoltage * maxAmperage * phasesOf(powerType));
}

/** Adds the energy since the last update to the battery and the meter. */
export function updateMeter(evse: SimulatedEvse, now: EpochMillis): void {
  const span = seconds(Math.max(0, now - evse.meteredAt) / 1000);
  evse.meteredAt = now;
  if (!evse.car || evse.power === 0) return;
  evse.meter = wattHours(evse.meter + (evse.power * span) / 3600);
  evse.car = charge(evse.car, evse.power, span);
}

/** Offers a limit to the car and sets the power that it draws; without a transaction the power is 0. `above`: A that it draws above an AC limit. */
export function applyOffer(evse: SimulatedEvse, offer: Offer, above = 0): void {
  evse.offer = offer;
  const drawn = offer.kind === 'AC' && offer.limit > 0 ? { ...offer, limit: amperes(Math.min(evse.plan.maxAmperage, offer.limit + above)) } : offer;
  evse.power = evse.car && evse.transaction ? draw(evse.car, drawn) : watts(0);
}

/** The charging state: SuspendedEVSE when the offer is too low to charge, SuspendedEV when the car takes nothing. */
export function chargingStateOf({ car, offer, power }: SimulatedEvse): ChargingState {
  if (!car) return 'Idle';
  if (power > 0) return 'Charging';
  const isEnough = offer.kind === 'AC' ? offer.limit >= MIN_AC_CURRENT : offer.limit > 0;
  return isEnough || isFull(car) ? 'SuspendedEV' : 'SuspendedEVSE';
}

/** The meter values of an EVSE, with the measurands and units that all OCPP versions share, rounded to a tenth. On DC the car states its charge. */
export function meterSamples({ meter, power, offer, plan, car }: SimulatedEvse): { measurand: string; value: number; unit: string }[] {
  const current = power / (plan.maxVoltage * phasesOf(plan.powerType));
  const offered =
    offer.kind === 'AC' ? { measurand: 'Current.Offered', value: offer.limit, unit: 'A' } : { measurand: 'Power.Offered', value: offer.limit, unit: 'W' };
  return [
    { measurand: 'Energy.Active.Import.Register', value: meter, unit: 'Wh' },
    { measurand: 'Power.Active.Import', value: power, unit: 'W' },
    { measurand: 'Current.Import', value: current, unit: 'A' },
    offered,
    ...(car && plan.powerType === 'DC' ? [{ measurand: 'SoC', value: stateOfCharge(car) * 100, unit: 'Percent' }] : []),
  ].map((sample) => ({ ...sample, value: Math.round(sample.value * 10) / 10 }));
}
