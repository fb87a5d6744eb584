import type { Clock } from '../src/domain/clock.ts';
import { buildCar, type Car } from './battery.ts';
import type { EvsePlan } from './charge-point/simulated-evse.ts';
import type { ChargePoint } from './charge-point.ts';
import { type Random, seeded } from './random.ts';

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

/** An EVSE with the kind of its visits; `hurried`: its cars leave after some minutes, with little energy; `late`: its first car comes after those of others. */
export type VisitedEvse = EvsePlan & { uid: string; hurried?: true; late?: true };

/** An endless sequence of visits to one EVSE; the seed and the EVSE determine all of them. */
export function* visits(seed: number | string, evse: VisitedEvse): Generator<Visit, never> {
  const random = seeded(seed).branch(evse.uid);
  for (let first = true; ; first = false) yield visit(random, { first, dc: evse.powerType === 'DC', ...evse });
}

/** The first car comes within 90 s, so that a new street is soon charging, and within 2 min where it is late. */
function visit(random: Random, { first, dc, hurried, late }: { first: boolean; dc: boolean } & Pick<VisitedEvse, 'hurried' | 'late'>): Visit {
  const pause = first ? (late ? random.between(92, 118) : random.between(2, 90)) : hurried ? random.between(120, 480) : random.between(300, 3600);
  const stay = hurried ? random.between(240, 480) : dc ? random.between(900, 2700) : random.between(2700, 4 * 3600);
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

/** A driver's token. */
export interface DriverToken {
  uid: string;
  type: string;
}

/** A car that stands at an EVSE. */
export interface Visitor {
  /** uid of the EVSE. */
  evse: string;
  station: string;
  token: DriverToken | undefined;
}

/** What the visits of all EVSEs of a street use. */
export interface VisitContext {
  clock: Clock;
  tokens: readonly DriverToken[];
  seed: number | string;
}

interface Parked extends Visitor {
  /** Ends the visit now: the car leaves, and the next visit is scheduled. */
  leave(): void;
}

/** The cars of a street: they come and go by the visits of each EVSE, until `stop`. */
export class Visitors {
  readonly #context: VisitContext;
  readonly #timers = new Set<() => void>();
  readonly #parked = new Map<string, Parked>();

  constructor(context: VisitContext) {
    this.#context = context;
  }

  /** Schedules the visits of one EVSE; the first car comes `ahead` seconds earlier. */
  schedule(station: ChargePoint, evse: VisitedEvse, ahead: number): void {
    this.#next({ station, evse, cars: visits(this.#context.seed, evse) }, ahead);
  }

  /** The cars that are plugged in now. */
  present(): Visitor[] {
    return [...this.#parked.values()].map(({ evse, station, token }) => ({ evse, station, token }));
  }

  /** Makes the car at an EVSE leave before its time; false when no car is there. */
  leave(evse: string): boolean {
    const parked = this.#parked.get(evse);
    parked?.leave();
    return parked !== undefined;
  }

  stop(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #next(at: { station: ChargePoint; evse: VisitedEvse; cars: Generator<Visit, never> }, ahead = 0): void {
    const { value } = at.cars.next();
    const { station, evse } = at;
    this.#wait(value.pause - ahead, () => {
      const token = this.#tokenFor(value.driver);
      const leave = () => {
        cancel();
        this.#parked.delete(evse.uid);
        void station.unplug(evse.evseId);
        this.#next(at);
      };
      const cancel = this.#wait(value.stay, leave);
      this.#parked.set(evse.uid, { evse: evse.uid, station: station.id, token, leave });
      void station.plugIn(evse.evseId, { car: value.car, ...(token && { idToken: token }) });
    });
  }

  /** A driver whose car is nowhere else; any driver when all are charging. */
  #tokenFor(driver: number): DriverToken | undefined {
    const charging = new Set([...this.#parked.values()].map(({ token }) => token?.uid));
    const free = this.#context.tokens.filter(({ uid }) => !charging.has(uid));
    const from = free.length > 0 ? free : this.#context.tokens;
    return from[Math.floor(driver * from.length)];
  }

  #wait(seconds: number, then: () => void): () => void {
    const cancel = this.#context.clock.after(seconds * 1000, () => {
      this.#timers.delete(drop);
      then();
    });
    const drop = () => {
      this.#timers.delete(drop);
      cancel();
    };
    this.#timers.add(drop);
    return drop;
  }
}
