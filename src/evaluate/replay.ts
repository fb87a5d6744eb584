import { type EpochSeconds, epochSeconds, seconds, type WattHours, wattHours, watts } from '../domain/units.ts';
import type { SessionProblem, SitePlan, SitePlanner, SiteProblem, ValueStep } from '../planner/index.ts';
import { windowAndNeed } from '../planner/index.ts';
import { type EvaluationResult, percentile } from './results.ts';
import { DAY, type PastCharge, type Scenario, SLOT } from './scenario.ts';
import { limitAt, type Planned, sendProfiles } from './send-profiles.ts';
import { exceededBy, wattsAt } from './site-load.ts';
import { type Expectation, UsualEnergy } from './usual-energy.ts';

/** How a scenario is charged again. */
export interface ReplayOptions {
  /** The name of the planner for the table. */
  name: string;
  planner: SitePlanner;
  expectation: Expectation;
  /** ms that have passed, to measure plans. */
  elapsed: () => number;
  /** Every change of a plan is sent and takes effect at once, as published comparisons assume; else the rules of sending hold. */
  sendsAll?: boolean;
  /** s between two plans when nothing happens; default 900. */
  period?: number;
  /** Is called with the part that is done, from 0 to 1, once for each simulated day. */
  progress?: (part: number) => void;
}

/** A car that is there. */
interface Present {
  charge: PastCharge;
  delivered: number;
  /** s for which it drew nothing although it was allowed to. */
  idle: number;
  learnt: ReturnType<UsualEnergy['learnt']>;
}

const PERIOD = 900;
/** s: a car that draws nothing for so long is full. */
const FULL_AFTER = 600;
/** The part of its energy with which a session counts as full. */
const FULL = 0.99;
/** Wh: less is nothing. */
const NOTHING = 1e-3;

/** Charges the past sessions of a scenario again with a planner at a simulated site, and measures what comes of it. */
export async function replay(scenario: Scenario, options: ReplayOptions): Promise<EvaluationResult> {
  const run = new Replay(scenario, options);
  for (let at = run.begin; at < run.end; at += SLOT) {
    await run.step(epochSeconds(at));
    if ((at - run.begin) % DAY === 0) options.progress?.((at - run.begin) / (run.end - run.begin));
  }
  return run.result();
}

class Replay {
  readonly begin: number;
  readonly end: number;
  readonly #scenario: Scenario;
  readonly #options: ReplayOptions;
  readonly #usual: UsualEnergy;
  readonly #coming: PastCharge[];
  readonly #inForce = new Map<PastCharge['key'], readonly ValueStep[]>();
  readonly #served: { part: number; isFull: boolean }[] = [];
  readonly #times: number[] = [];
  /** Sessions that refused a profile for good. */
  readonly #rejected = new Set<PastCharge['key']>();
  #present: Present[] = [];
  /** A session was found to accept no profile: the next slot plans around it. */
  #isStale = false;
  #energy = 0;
  #energyCost = 0;
  #carbon = 0;
  #peak = 0;
  #messages = 0;
  #violations = 0;
  #fallbacks = 0;

  constructor(scenario: Scenario, options: ReplayOptions) {
    this.#scenario = scenario;
    this.#options = options;
    this.#usual = new UsualEnergy(scenario.zone);
    this.#coming = scenario.sessions.toSorted((a, b) => a.arrival - b.arrival);
    const past = options.expectation === 'hindsight' ? [...scenario.earlier, ...scenario.sessions] : scenario.earlier;
    for (const charge of past) this.#usual.add(charge);
    this.begin = Math.floor((this.#coming[0]?.arrival ?? 0) / SLOT) * SLOT;
    this.end = Math.max(this.begin, ...this.#coming.map(({ departure }) => departure)) + SLOT;
  }

  /** One slot: cars leave and come, a plan is made and sent, cars charge. */
  async step(now: EpochSeconds): Promise<void> {
    const left = this.#leave(now);
    const came = this.#come(now);
    const isDue = (now - this.begin) % (this.#options.period ?? PERIOD) === 0;
    if (this.#present.length > 0 && (left || came || isDue || this.#isStale)) await this.#plan(now);
    this.#charge(now);
  }

  #leave(now: EpochSeconds): boolean {
    const gone = this.#present.filter(({ charge }) => charge.departure <= now);
    for (const { charge, delivered } of gone) {
      this.#inForce.delete(charge.key);
      this.#served.push({ part: charge.energy > 0 ? delivered / charge.energy : 1, isFull: delivered >= charge.energy * FULL });
      if (this.#options.expectation !== 'hindsight') this.#usual.add({ ...charge, energy: wattHours(delivered) });
    }
    this.#present = this.#present.filter((car) => !gone.includes(car));
    return gone.length > 0;
  }

  #come(now: EpochSeconds): boolean {
    const came: PastCharge[] = [];
    while (this.#coming[0] && this.#coming[0].arrival <= now) came.push(this.#coming.shift() as PastCharge);
    for (const charge of came)
      this.#present.push({ charge, delivered: 0, idle: 0, learnt: charge.stated ? this.#usual.learnt(charge.arrival) : { sessions: 0 } });
    return came.length > 0;
  }

  async #plan(now: EpochSeconds): Promise<void> {
    const charging = this.#present.filter((car) => !isKnownFull(car));
    this.#isStale = false;
    if (charging.length === 0) return;
    const problem = this.#problem(now, charging);
    const begun = this.#options.elapsed();
    const { schedules, certificate }: SitePlan = await this.#options.planner.plan(problem);
    this.#times.push(this.#options.elapsed() - begun);
    if (certificate.fallback !== undefined && certificate.method !== 'OPTIMISED') this.#fallbacks += certificate.fallback.includes('serves it better') ? 0 : 1;
    const plans = plannedOf(schedules, { problem, charging });
    this.#messages += sendProfiles(this.#inForce, plans, {
      now,
      sendsAll: this.#options.sendsAll === true,
      accepts: (key) => this.#accepts(key, now),
      isWithin: (inForce) => this.#options.name === 'UNCONTROLLED' || this.#isWithin(inForce, now),
    });
  }

  #accepts(key: PastCharge['key'], now: EpochSeconds): boolean {
    const { rejects, refuses } = this.#scenario.faults ?? {};
    if (!rejects?.(key)) return !refuses?.(key, now);
    this.#rejected.add(key);
    this.#isStale = true;
    return false;
  }

  /** What the EVSE allows at a moment: its profile, or its maximum when it refuses profiles. */
  #allowed({ key, electric }: PastCharge, inForce: ReadonlyMap<PastCharge['key'], readonly ValueStep[]>, at: number): number {
    return this.#rejected.has(key) ? electric.max : (limitAt(inForce.get(key), at) ?? 0);
  }

  /** Whether the limits in force respect the site in the next quarter of an hour. */
  #isWithin(inForce: ReadonlyMap<PastCharge['key'], readonly ValueStep[]>, now: number): boolean {
    const changes = [...inForce.values()].flatMap((steps) => steps.map(({ from }) => from).filter((from) => from > now && from < now + PERIOD));
    for (const at of new Set([now, ...changes])) {
      const loads = new Map(this.#present.filter((car) => !isKnownFull(car)).map(({ charge }) => [charge, this.#allowed(charge, inForce, at)] as const));
      if (exceededBy(this.#scenario, at, loads).length > 0) return false;
    }
    return true;
  }

  #problem(now: EpochSeconds, charging: readonly Present[]): SiteProblem {
    const scenario = this.#scenario;
    const expected = this.#expected(now);
    const sessions = charging.map((car) => this.#sessionOf(now, car));
    const horizonEnd = epochSeconds(Math.max(now + DAY, ...sessions.map(({ departure }) => departure ?? 0)));
    return {
      site: scenario.name,
      now,
      horizonEnd,
      sessions,
      limits: scenario.limits,
      ...(scenario.sums && { sums: sumsOf(scenario.sums, charging, { from: now, to: horizonEnd }) }),
      prices: within(scenario.prices, now, horizonEnd),
      ...(scenario.carbon && { carbon: within(scenario.carbon, now, horizonEnd) }),
      ...(scenario.demandCharge !== undefined && { demandCharge: { perKilowatt: scenario.demandCharge, peakSoFar: watts(this.#peak) } }),
      sent: charging.flatMap(({ charge: { key } }) => {
        const steps = this.#inForce.get(key);
        return steps ? [{ key, steps }] : [];
      }),
      ...(expected !== undefined && { expected }),
    };
  }

  #expected(now: EpochSeconds): WattHours | undefined {
    if (this.#options.expectation === 'none') return undefined;
    return this.#options.expectation === 'earlier' ? this.#usual.expected(now) : this.#usual.expected(now, epochSeconds(this.end));
  }

  #sessionOf(now: EpochSeconds, { charge, delivered, learnt }: Present): SessionProblem {
    const { key, node, electric, arrival, stated, energy, departure, profileType } = charge;
    const ceiling = this.#scenario.faults?.ceiling?.(key);
    const belief = stated
      ? windowAndNeed(
          { profileType, departure: stated.departure, energyNeed: stated.energy, dischargeAllowed: false } as Parameters<typeof windowAndNeed>[0],
          learnt,
          { now, arrival, delivered: wattHours(delivered) },
        )
      : { departure, need: wattHours(energy - delivered), delivered: wattHours(delivered), profileType, dischargeAllowed: false };
    // The car is still there: what was said about its departure is wrong.
    const open = belief.departure !== undefined && belief.departure <= now ? { ...belief, departure: epochSeconds(now + 3_600) } : belief;
    return { key, ...(node !== undefined && { node }), evse: electric, arrival, ...open, ...(ceiling && { ceiling }), steerable: !this.#rejected.has(key) };
  }

  /** Cars draw what their profile allows, cut where a profile changes. */
  #charge(now: EpochSeconds): void {
    const late = this.#scenario.faults?.late ?? 0;
    const cuts = new Set([now, ...this.#present.flatMap(({ charge }) => (this.#inForce.get(charge.key) ?? []).map(({ from }) => from + late))]);
    const edges = [...[...cuts].filter((at) => at >= now && at < now + SLOT).sort((a, b) => a - b), now + SLOT];
    let slotEnergy = 0;
    let isOver = false;
    edges.slice(0, -1).forEach((from, n) => {
      const loads = new Map<PastCharge, number>();
      for (const car of this.#present) loads.set(car.charge, this.#draw(car, from - late, (edges[n + 1] ?? from) - from));
      for (const [charge, load] of loads) slotEnergy += (wattsAt(charge, load) * ((edges[n + 1] ?? from) - from)) / 3_600;
      isOver ||= exceededBy(this.#scenario, from, loads).length > 0;
    });
    this.#account(now, slotEnergy, isOver);
  }

  /** The mean current or power of a car in a span. */
  #draw(car: Present, at: number, span: number): number {
    const { charge } = car;
    const allowed = Math.min(this.#allowed(charge, this.#inForce, at), charge.electric.max, this.#ceiling(charge, at));
    const limit = allowed >= charge.electric.min && allowed > 0 ? allowed * (this.#scenario.faults?.draws?.(charge.key) ?? 1) : 0;
    const rest = Math.max(0, charge.energy - car.delivered);
    const wanted = (wattsAt(charge, limit) * span) / 3_600;
    const taken = Math.min(rest, wanted);
    car.delivered += taken;
    car.idle = wanted > 0 && taken < NOTHING ? car.idle + span : wanted > 0 ? 0 : car.idle;
    return wanted > 0 ? (limit * taken) / wanted : 0;
  }

  #ceiling({ key, electric }: PastCharge, at: number): number {
    return limitAt(this.#scenario.faults?.ceiling?.(key), at) ?? electric.max;
  }

  #account(now: number, slotEnergy: number, isOver: boolean): void {
    const kwh = slotEnergy / 1_000;
    this.#energy += kwh;
    this.#energyCost += kwh * (limitAt(this.#scenario.prices, now) ?? 0);
    this.#carbon += kwh * (limitAt(this.#scenario.carbon, now) ?? 0);
    this.#peak = Math.max(this.#peak, (slotEnergy * 3_600) / SLOT);
    this.#violations += isOver ? 1 : 0;
  }

  /** What was measured. */
  result(): EvaluationResult {
    const { name, sessions, demandCharge = 0, carbon } = this.#scenario;
    const wanted = sessions.reduce((sum, { energy }) => sum + energy, 0) / 1_000;
    return {
      scenario: name,
      planner: this.#options.name,
      sessions: sessions.length,
      served: wanted > 0 ? this.#energy / wanted : 1,
      full: this.#served.filter(({ isFull }) => isFull).length / Math.max(1, this.#served.length),
      worst: Math.min(1, ...this.#served.map(({ part }) => part)),
      energy: this.#energy,
      energyCost: this.#energyCost,
      cost: this.#energyCost + (demandCharge * this.#peak) / 1_000,
      ...(carbon && { carbon: this.#energy > 0 ? this.#carbon / this.#energy : 0 }),
      peak: this.#peak / 1_000,
      messages: this.#messages / Math.max(1, sessions.length),
      p50: percentile(this.#times, 0.5),
      p99: percentile(this.#times, 0.99),
      violations: this.#violations,
      fallbacks: this.#fallbacks,
    };
  }
}

/** A car without a statement is full when it has its energy; of another one it shows only after a while. */
const isKnownFull = ({ charge, delivered, idle }: Present): boolean => (charge.stated ? idle >= seconds(FULL_AFTER) : charge.energy - delivered < NOTHING);

const within = (steps: readonly ValueStep[], from: number, to: number): readonly ValueStep[] => steps.filter((step) => step.to > from && step.from < to);

const sumsOf = (sums: NonNullable<Scenario['sums']>, cars: readonly Present[], { from, to }: { from: EpochSeconds; to: EpochSeconds }) =>
  sums.map(({ name, weightOf, ceiling }) => ({
    name,
    weights: Object.fromEntries(cars.map(({ charge }) => [charge.key, weightOf(charge)])),
    steps: [{ from, to, value: ceiling }],
  }));

function plannedOf(schedules: SitePlan['schedules'], { problem, charging }: { problem: SiteProblem; charging: readonly Present[] }): readonly Planned[] {
  return schedules.flatMap(({ key, steps }) => {
    const charge = charging.find((car) => car.charge.key === key)?.charge;
    const until = problem.sessions.find((session) => session.key === key)?.departure ?? problem.horizonEnd;
    return charge ? [{ key, steps, until, perUnit: wattsAt(charge, 1) }] : [];
  });
}
