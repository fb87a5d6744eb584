import type { Clock } from '../src/domain/clock.ts';
import { amperes, volts, watts } from '../src/domain/units.ts';
import type { OcppVersion } from '../src/ocpp/station.ts';
import { buildCar, type Car } from './battery.ts';
import type { StationLog } from './charge-point/options.ts';
import type { EvsePlan } from './charge-point/simulated-evse.ts';
import type { Traits } from './charge-point/traits.ts';
import { type ChargePoint, plugInStation } from './charge-point.ts';
import { type Random, seeded } from './random.ts';

/** A charge point of the demo, with what a node's configuration needs. */
export interface StreetStation {
  id: string;
  password: string;
  version: OcppVersion;
  evses: readonly (EvsePlan & { uid: string })[];
  traits: Partial<Traits>;
}

/** One visit of a car to an EVSE. */
export interface Visit {
  /** Seconds after the previous car has left. */
  pause: number;
  /** Seconds that it stays. */
  stay: number;
  car: Car;
  /** Selects one of the drivers' tokens: a number in [0, 1). */
  driver: number;
}

type Build = Omit<StreetStation, 'id' | 'password' | 'evses' | 'traits'> & { evses: EvsePlan[] } & Pick<Partial<Traits>, 'units' | 'oddFields'>;
const builder =
  (seed: number | string) =>
  (id: string, { version, evses, ...traits }: Build): StreetStation => ({
    id,
    version,
    evses: evses.map((evse) => ({ ...evse, uid: `${id}-${evse.evseId}` })),
    password: seeded(seed).branch(id).text(16),
    traits,
  });

/** The six charge points of the demo street: two of each OCPP version, with one and three phases, one with DC, and one with odd fields in all messages. */
export function street(seed: number | string): StreetStation[] {
  const station = builder(seed);
  return [
    station('OAK-1', { version: '1.6', evses: [threePhase(1, 16), threePhase(2, 16)], units: ['A'] }),
    station('OAK-2', { version: '1.6', evses: [onePhase(1, 32)], oddFields: true }),
    station('ELM-1', { version: '2.0.1', evses: [threePhase(1, 32), threePhase(2, 32)] }),
    station('ELM-2', { version: '2.0.1', evses: [onePhase(1, 16)], units: ['A'] }),
    station('ASH-1', { version: '2.1', evses: [threePhase(1, 16)] }),
    station('ASH-2', { version: '2.1', evses: [dcFast(1)], units: ['W', 'A'] }),
  ];
}

/** Two charge points with three EVSEs, for a site with a common grid connection. */
export function yard(seed: number | string): StreetStation[] {
  const station = builder(seed);
  return [
    station('YEW-1', { version: '2.0.1', evses: [threePhase(1, 32), threePhase(2, 32)] }),
    station('YEW-2', { version: '1.6', evses: [threePhase(1, 16)] }),
  ];
}

/** Two more charge points with three EVSEs, for another site. */
export function garage(seed: number | string): StreetStation[] {
  const station = builder(seed);
  return [
    station('FIR-1', { version: '2.1', evses: [threePhase(1, 32), threePhase(2, 16)] }),
    station('FIR-2', { version: '1.6', evses: [threePhase(1, 16)] }),
  ];
}

const threePhase = (evseId: number, current: number): EvsePlan => ({
  evseId,
  connectorId: 1,
  powerType: 'AC_3_PHASE',
  maxVoltage: volts(230),
  maxAmperage: amperes(current),
});
const onePhase = (evseId: number, current: number): EvsePlan => ({ ...threePhase(evseId, current), powerType: 'AC_1_PHASE' });
const dcFast = (evseId: number): EvsePlan => ({
  evseId,
  connectorId: 1,
  powerType: 'DC',
  maxVoltage: volts(400),
  maxAmperage: amperes(125),
  maxPower: watts(50_000),
});

/** An endless sequence of visits to one EVSE; the seed and the EVSE determine all of them. */
export function* visits(seed: number | string, evse: EvsePlan & { uid: string }): Generator<Visit, never> {
  const random = seeded(seed).branch(evse.uid);
  for (let first = true; ; first = false) yield visit(random, { first, dc: evse.powerType === 'DC' });
}

/** The first car comes within 90 s, so that a new street is soon charging. */
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

/** Options of a street. */
export interface StreetOptions {
  seed: number | string;
  /** The WebSocket URL of the node, such as `ws://127.0.0.1:9220/ocpp`. */
  ocppUrl: string;
  clock: Clock;
  /** The charge points; default: those of `street`. */
  stations?: readonly StreetStation[];
  /** The drivers' tokens; without any, no car charges. */
  tokens: readonly { uid: string; type: string }[];
  log?: StationLog;
  /** Seconds between meter values; default 60. */
  sampleEvery?: number;
  /** Records the frames of all stations; default false, because they fill the memory within days. */
  record?: boolean;
}

/** Seconds before the first car of all, the same for every seed. */
const FIRST_CAR_AFTER = 2;

/** A running street. */
export interface Street extends AsyncDisposable {
  readonly stations: readonly ChargePoint[];
}

/** Connects the stations and lets cars come and go until it is disposed. */
export async function openStreet(options: StreetOptions): Promise<Street> {
  const { seed, ocppUrl, clock, tokens, log, sampleEvery, record = false } = options;
  const rest = { lean: !record, ...(log && { log }), ...(sampleEvery !== undefined && { sampleEvery }) };
  const stop = { now: false, timers: new Set<() => void>() };
  const plans = options.stations ?? street(seed);
  const ahead = Math.min(...plans.flatMap(({ evses }) => evses.map((evse) => visits(seed, evse).next().value.pause))) - FIRST_CAR_AFTER;
  const stations = await Promise.all(plans.map((plan) => plugInStation({ ...plan, ...rest, url: ocppUrl, clock, random: seeded(seed).branch(plan.id) })));
  stations.forEach((station, i) => {
    for (const evse of plans[i]?.evses ?? []) scheduleVisits({ station, evseId: evse.evseId, cars: visits(seed, evse), clock, tokens, stop }, ahead);
  });
  return {
    stations,
    [Symbol.asyncDispose]: async () => {
      stop.now = true;
      for (const cancel of stop.timers) cancel();
      await Promise.all(stations.map((station) => station[Symbol.asyncDispose]()));
    },
  };
}

interface EvseVisits {
  station: ChargePoint;
  evseId: number;
  cars: Generator<Visit, never>;
  clock: Clock;
  tokens: StreetOptions['tokens'];
  stop: { now: boolean; timers: Set<() => void> };
}

/** Schedules the visits of one EVSE; the first car comes `ahead` seconds earlier. */
function scheduleVisits(evse: EvseVisits, ahead = 0): void {
  const { value } = evse.cars.next();
  const token = evse.tokens[Math.floor(value.driver * evse.tokens.length)];
  wait(evse, value.pause - ahead, () => void evse.station.plugIn(evse.evseId, { car: value.car, ...(token && { idToken: token }) }));
  wait(evse, value.pause - ahead + value.stay, () => {
    void evse.station.unplug(evse.evseId);
    scheduleVisits(evse);
  });
}

function wait({ clock, stop }: EvseVisits, seconds: number, then: () => void): void {
  const cancel = clock.after(seconds * 1000, () => {
    stop.timers.delete(cancel);
    if (!stop.now) then();
  });
  stop.timers.add(cancel);
}
