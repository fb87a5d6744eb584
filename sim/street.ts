import type { Clock } from '../src/domain/clock.ts';
import { amperes, volts, watts } from '../src/domain/units.ts';
import type { OcppVersion } from '../src/ocpp/station.ts';
import type { StationLog } from './charge-point/options.ts';
import type { EvsePlan } from './charge-point/simulated-evse.ts';
import type { Traits } from './charge-point/traits.ts';
import { type ChargePoint, plugInStation } from './charge-point.ts';
import { seeded } from './random.ts';
import { type DriverToken, type VisitedEvse, type Visitor, Visitors, visits } from './visits.ts';

/** A charge point of the demo, with what a node's configuration needs. */
export interface StreetStation {
  id: string;
  password: string;
  version: OcppVersion;
  evses: readonly VisitedEvse[];
  traits: Partial<Traits>;
  /** A fault that it has for the demo; absent: it works as the standard says. */
  fault?: StationFault;
  /** Seconds between two restarts; absent: it never restarts by itself. */
  rebootsEvery?: number;
}

/** draws-above: its cars draw more than the limit that it accepted; silent: it answers no call; forgets: it restarts and loses its profiles. */
export type StationFault = 'draws-above' | 'silent' | 'forgets';

const FAULTS: Readonly<Record<StationFault, { traits: Partial<Traits>; rebootsEvery?: number }>> = {
  'draws-above': { traits: { drawsAbove: 4 } },
  silent: { traits: { answers: { '*': { is: 'never' } } } },
  forgets: { traits: { profilesOverReboot: 'lost' }, rebootsEvery: 600 },
};

interface Build extends Pick<Partial<Traits>, 'units' | 'oddFields'> {
  version: OcppVersion;
  evses: readonly EvsePlan[];
  fault?: StationFault;
  /** Its cars leave after some minutes. */
  hurried?: true;
}
const builder =
  (seed: number | string) =>
  (id: string, { version, evses, fault, hurried, ...traits }: Build): StreetStation => {
    const faulty = fault && FAULTS[fault];
    return {
      id,
      version,
      evses: evses.map((evse) => ({ ...evse, uid: `${id}-${evse.evseId}`, ...(hurried && { hurried }), ...(fault && { late: true as const }) })),
      password: seeded(seed).branch(id).text(16),
      traits: { ...traits, ...faulty?.traits },
      ...(fault && { fault }),
      ...(faulty?.rebootsEvery !== undefined && { rebootsEvery: faulty.rebootsEvery }),
    };
  };

/**
 * The nine charge points of the demo street. Six work: two of each OCPP version, with one and three phases, one with DC, and one with odd
 * fields in all messages. IVY-1 accepts limits and draws more, BAY-1 answers no call, MAY-1 restarts and loses its profiles. The cars of
 * ASH-1 leave early.
 */
export function street(seed: number | string): StreetStation[] {
  const station = builder(seed);
  return [
    station('OAK-1', { version: '1.6', evses: [threePhase(1, 16), threePhase(2, 16)], units: ['A'] }),
    station('OAK-2', { version: '1.6', evses: [onePhase(1, 32)], oddFields: true }),
    station('ELM-1', { version: '2.0.1', evses: [threePhase(1, 32), threePhase(2, 32)] }),
    station('ELM-2', { version: '2.0.1', evses: [onePhase(1, 16)], units: ['A'] }),
    station('ASH-1', { version: '2.1', evses: [threePhase(1, 16)], hurried: true }),
    station('ASH-2', { version: '2.1', evses: [dcFast(1)], units: ['W', 'A'] }),
    station('IVY-1', { version: '2.0.1', evses: [threePhase(1, 16)], fault: 'draws-above' }),
    station('BAY-1', { version: '1.6', evses: [onePhase(1, 16)], fault: 'silent' }),
    station('MAY-1', { version: '1.6', evses: [threePhase(1, 16)], fault: 'forgets' }),
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

/** Options of a street. */
export interface StreetOptions {
  seed: number | string;
  /** The WebSocket URL of the node, such as `ws://127.0.0.1:9220/ocpp`. */
  ocppUrl: string;
  clock: Clock;
  /** The charge points; default: those of `street`. */
  stations?: readonly StreetStation[];
  /** The drivers' tokens; without any, no car charges. */
  tokens: readonly DriverToken[];
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
  /** The cars that are plugged in now. */
  visitors(): readonly Visitor[];
  /** Makes the car at an EVSE leave before its time; false when no car is there. */
  leave(evse: string): boolean;
}

/** Connects the stations and lets cars come and go until it is disposed. */
export async function openStreet(options: StreetOptions): Promise<Street> {
  const { seed, ocppUrl, clock, tokens, log, sampleEvery, record = false } = options;
  const rest = { lean: !record, ...(log && { log }), ...(sampleEvery !== undefined && { sampleEvery }) };
  const plans = options.stations ?? street(seed);
  const ahead = Math.min(...plans.flatMap(({ evses }) => evses.map((evse) => visits(seed, evse).next().value.pause))) - FIRST_CAR_AFTER;
  const stations = await Promise.all(plans.map((plan) => plugInStation({ ...plan, ...rest, url: ocppUrl, clock, random: seeded(seed).branch(plan.id) })));
  const cars = new Visitors({ seed, clock, tokens });
  const reboots: (() => void)[] = [];
  stations.forEach((station, i) => {
    for (const evse of plans[i]?.evses ?? []) cars.schedule(station, evse, ahead);
    const every = plans[i]?.rebootsEvery;
    if (every !== undefined) reboots.push(rebootNowAndThen(station, every, clock));
  });
  return {
    stations,
    visitors: () => cars.present(),
    leave: (evse) => cars.leave(evse),
    [Symbol.asyncDispose]: async () => {
      cars.stop();
      for (const end of reboots) end();
      await Promise.all(stations.map((station) => station[Symbol.asyncDispose]()));
    },
  };
}

/** Restarts a station. A connection that fails is tried again by the station itself. */
const restart = (station: ChargePoint): Promise<void> => station.reboot({ transactions: 'resume' }).catch(() => undefined);

/** Restarts a station again and again; its transactions go on, as after a failure of its software. Returns what ends it. */
function rebootNowAndThen(station: ChargePoint, every: number, clock: Clock): () => void {
  let cancel: () => void;
  const wait = () => {
    cancel = clock.after(every * 1000, () => {
      // A station that is cut stays cut.
      if (station.connected) void restart(station);
      wait();
    });
  };
  wait();
  return () => cancel();
}
