import type { Clock } from '../src/domain/clock.ts';
import { amperes, volts, watts } from '../src/domain/units.ts';
import type { OcppVersion } from '../src/ocpp/station.ts';
import { buildCar, type Car } from './battery.ts';
import type { StationLog } from './charge-point/options.ts';
import type { OutletPlan } from './charge-point/simulated-evse.ts';
import type { Traits } from './charge-point/traits.ts';
import { type ChargePoint, plugInStation } from './charge-point.ts';
import { type Random, seeded } from './random.ts';

/** A charge point of the street, as a node's configuration needs to know it. */
export interface StreetStation {
  id: string;
  password: string;
  version: OcppVersion;
  evses: readonly (OutletPlan & { uid: string })[];
  traits: Partial<Traits>;
}

/** One car's stop at one EVSE. */
export interface Visit {
  /** Seconds between the car before and this one. */
  pause: number;
  /** Seconds that it stays. */
  stay: number;
  car: Car;
  /** Which of the drivers' tokens it is, from 0 up to 1. */
  driver: number;
}

type Build = Omit<StreetStation, 'id' | 'password' | 'evses' | 'traits'> & { evses: OutletPlan[]; units?: Traits['units'] };
const builder =
  (seed: number | string) =>
  (id: string, { version, evses, units }: Build): StreetStation => ({
    id,
    version,
    evses: evses.map((evse) => ({ ...evse, uid: `${id}-${evse.evseId}` })),
    password: seeded(seed).branch(id).text(16),
    traits: units ? { units } : {},
  });

/** The demo street's six charge points: two of each version of OCPP, on one and three phases, one of them DC. */
export function street(seed: number | string): StreetStation[] {
  const station = builder(seed);
  return [
    station('OAK-1', { version: '1.6', evses: [threePhase(1, 16), threePhase(2, 16)], units: ['A'] }),
    station('OAK-2', { version: '1.6', evses: [onePhase(1, 32)] }),
    station('ELM-1', { version: '2.0.1', evses: [threePhase(1, 32), threePhase(2, 32)] }),
    station('ELM-2', { version: '2.0.1', evses: [onePhase(1, 16)], units: ['A'] }),
    station('ASH-1', { version: '2.1', evses: [threePhase(1, 16)] }),
    station('ASH-2', { version: '2.1', evses: [fast(1)], units: ['W', 'A'] }),
  ];
}

/** A yard behind the street: three places to charge, on one supply. */
export function yard(seed: number | string): StreetStation[] {
  const station = builder(seed);
  return [
    station('YEW-1', { version: '2.0.1', evses: [threePhase(1, 32), threePhase(2, 32)] }),
    station('YEW-2', { version: '1.6', evses: [threePhase(1, 16)] }),
  ];
}

/** The garage at its end: three places to charge as well. */
export function garage(seed: number | string): StreetStation[] {
  const station = builder(seed);
  return [
    station('FIR-1', { version: '2.1', evses: [threePhase(1, 32), threePhase(2, 16)] }),
    station('FIR-2', { version: '1.6', evses: [threePhase(1, 16)] }),
  ];
}

const threePhase = (evseId: number, current: number): OutletPlan => ({
  evseId,
  connectorId: 1,
  powerType: 'AC_3_PHASE',
  maxVoltage: volts(230),
  maxAmperage: amperes(current),
});
const onePhase = (evseId: number, current: number): OutletPlan => ({ ...threePhase(evseId, current), powerType: 'AC_1_PHASE' });
const fast = (evseId: number): OutletPlan => ({
  evseId,
  connectorId: 1,
  powerType: 'DC',
  maxVoltage: volts(400),
  maxAmperage: amperes(125),
  maxPower: watts(50_000),
});

/** The cars that come to one EVSE, one after the other, without end; the seed and the EVSE determine all of them. */
export function* visits(seed: number | string, evse: OutletPlan & { uid: string }): Generator<Visit, never> {
  const random = seeded(seed).branch(evse.uid);
  for (let first = true; ; first = false) yield visit(random, { first, dc: evse.powerType === 'DC' });
}

/** The first car comes within a minute and a half, so that a new street is soon at work. */
function visit(random: Random, { first, dc }: { first: boolean; dc: boolean }): Visit {
  const pause = first ? random.between(2, 90) : random.between(300, 3600);
  const stay = dc ? random.between(900, 2700) : random.between(2700, 4 * 3600);
  const car = buildCar({
    kilowattHours: random.pick([24, 40, 58, 77]),
    soc: random.between(0.1, 0.6),
    target: random.pick([0.8, 0.9, 1]),
    phases: random.pick([1, 3, 3]),
    maxAmperage: random.pick([16, 16, 32]),
    maxDcKilowatts: random.between(50, 150),
  });
  return { pause, stay, car, driver: random.next() };
}

export interface StreetOptions {
  seed: number | string;
  /** Where stations connect to, such as `ws://127.0.0.1:9220/ocpp`. */
  ocppUrl: string;
  clock: Clock;
  /** Which charge points; those of the street when absent. */
  stations?: readonly StreetStation[];
  /** The drivers' cards; without any, no car charges. */
  tokens: readonly { uid: string; type: string }[];
  log?: StationLog;
  /** Seconds between meter values; 60 when absent. */
  sampleEvery?: number;
  /** Keeps the frames of all stations; a street that runs for days should not. */
  record?: boolean;
}

/** Seconds before the first car of all, whichever the seed: nobody likes to wait. */
const FIRST_CAR_AFTER = 2;

/** A street at work. */
export interface Street extends AsyncDisposable {
  readonly stations: readonly ChargePoint[];
}

/** Connects the street's stations and lets cars come and go until it is disposed. */
export async function openStreet(options: StreetOptions): Promise<Street> {
  const { seed, ocppUrl, clock, tokens, log, sampleEvery, record = false } = options;
  const rest = { lean: !record, ...(log && { log }), ...(sampleEvery !== undefined && { sampleEvery }) };
  const stop = { now: false, timers: new Set<() => void>() };
  const plans = options.stations ?? street(seed);
  const ahead = Math.min(...plans.flatMap(({ evses }) => evses.map((evse) => visits(seed, evse).next().value.pause))) - FIRST_CAR_AFTER;
  const stations = await Promise.all(plans.map((plan) => plugInStation({ ...plan, ...rest, url: ocppUrl, clock, random: seeded(seed).branch(plan.id) })));
  stations.forEach((station, i) => {
    for (const evse of plans[i]?.evses ?? []) receive({ station, evseId: evse.evseId, cars: visits(seed, evse), clock, tokens, stop }, ahead);
  });
  return {
    stations,
    [Symbol.asyncDispose]: async () => {
      stop.now = true;
      for (const forget of stop.timers) forget();
      await Promise.all(stations.map((station) => station[Symbol.asyncDispose]()));
    },
  };
}

interface Bay {
  station: ChargePoint;
  evseId: number;
  cars: Generator<Visit, never>;
  clock: Clock;
  tokens: StreetOptions['tokens'];
  stop: { now: boolean; timers: Set<() => void> };
}

/** One car after the other at one EVSE; the first comes `ahead` seconds earlier than it would. */
function receive(bay: Bay, ahead = 0): void {
  const { value } = bay.cars.next();
  const token = bay.tokens[Math.floor(value.driver * bay.tokens.length)];
  wait(bay, value.pause - ahead, () => void bay.station.plugIn(bay.evseId, { car: value.car, ...(token && { idToken: token }) }));
  wait(bay, value.pause - ahead + value.stay, () => {
    void bay.station.unplug(bay.evseId);
    receive(bay);
  });
}

function wait({ clock, stop }: Bay, span: number, then: () => void): void {
  const forget = clock.after(span * 1000, () => {
    stop.timers.delete(forget);
    if (!stop.now) then();
  });
  stop.timers.add(forget);
}
