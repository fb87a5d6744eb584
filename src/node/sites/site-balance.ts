import type { Clock } from '../../domain/clock.ts';
import { fold } from '../../domain/ids.ts';
import type { Ceiling } from '../../domain/site/ceiling.ts';
import type { Order, SiteEvent } from '../../domain/site/event.ts';
import { openSite, type SiteState, type Step, stepAll } from '../../domain/site/hold.ts';
import type { LimitTree, SiteEvse } from '../../domain/site/limit-tree.ts';
import type { StationAnswer } from '../../domain/station.ts';
import { toSeconds, watts } from '../../domain/units.ts';
import type { Site } from '../config/read-sites.ts';
import type { EvseLimit } from './evse-limit.ts';

/** Events of one moment are answered together. */
const GATHER_MS = 100;
/** A site is looked at so often when nothing happens. */
const TICK_MS = 2_000;

/** What a balance works with. */
export interface SiteBalanceDependencies {
  clock: Clock;
  /** Sends an order; resolves with what the station says. */
  send(order: Order): Promise<StationAnswer>;
  /** A step was taken, in which something was ordered or found. */
  onStep(tree: LimitTree, step: Step): void;
  reportError(what: string, error: unknown): void;
}

/** One site in balance: what happens goes in, orders go out to its stations, and their answers come back in. */
export class SiteBalance {
  readonly #tools: SiteBalanceDependencies;
  #state: SiteState;
  #events: SiteEvent[] = [];
  #stop: (() => void) | undefined;
  #stopped = false;

  constructor({ tree, rule }: Site, tools: SiteBalanceDependencies) {
    this.#tools = tools;
    // Numbers of orders grow through restarts, as time does.
    this.#state = openSite(tree, { rule, firstOrder: toSeconds(tools.clock.now()) });
  }

  get state(): SiteState {
    return this.#state;
  }

  evse(uid: string): SiteEvse | undefined {
    const number = this.#state.numbers.get(fold(uid));
    return number === undefined ? undefined : this.#state.tree.evses[number];
  }

  /** The lowest of all limits that an EVSE may be under: the confirmed one and those on their way; undefined before the first. */
  limitOf(uid: string): EvseLimit | undefined {
    const evse = this.evse(uid);
    const known = this.#state.evses[this.#state.numbers.get(fold(uid)) ?? -1];
    if (!evse || !known) return undefined;
    const all = [...(known.confirmed === undefined ? [] : [known.confirmed]), ...known.sent.map(({ current }) => current)];
    const [first, ...others] = all;
    if (first === undefined) return undefined;
    return limitFor(
      evse,
      others.reduce((least, it) => (it < least ? it : least), first),
      known.orderedAt,
    );
  }

  /** The last limit that the station confirmed, and whether another is on its way. */
  confirmedOf(uid: string): { limit: EvseLimit | undefined; moves: boolean } {
    const evse = this.evse(uid);
    const known = this.#state.evses[this.#state.numbers.get(fold(uid)) ?? -1];
    const limit = evse && known?.confirmed !== undefined ? limitFor(evse, known.confirmed, known.orderedAt) : undefined;
    return { limit, moves: known !== undefined && known.sent.length > 0 };
  }

  add(event: SiteEvent): void {
    this.#events.push(event);
    if (this.#events.length === 1) this.#plan(GATHER_MS);
  }

  /** Imposed limits by the names of nodes, in place of those before. */
  impose(limits: ReadonlyMap<string, Ceiling>): void {
    const lifted = [...this.#state.imposed.keys()].filter((node) => !limits.has(node));
    for (const node of lifted) this.add({ kind: 'limit-changed', node });
    for (const [node, limit] of limits) if (!isSame(this.#state.imposed.get(node), limit)) this.add({ kind: 'limit-changed', node, limit });
  }

  start(): void {
    this.#plan(GATHER_MS);
  }

  stop(): void {
    this.#stopped = true;
    this.#stop?.();
  }

  #plan(ms: number): void {
    this.#stop?.();
    if (!this.#stopped) this.#stop = this.#tools.clock.after(ms, () => this.#step());
  }

  #step(): void {
    const events = this.#events;
    this.#events = [];
    const step = stepAll(this.#state, [...events, { kind: 'tick' }], toSeconds(this.#tools.clock.now()));
    this.#state = step.state;
    this.#plan(TICK_MS);
    this.#tools.onStep(step.state.tree, step);
    for (const order of step.orders) {
      const at = { evse: order.evse, order: order.id };
      this.#tools
        .send(order)
        .catch((error): StationAnswer => {
          this.#tools.reportError(`limit of ${order.evse}`, error);
          return { is: 'SILENT', because: 'disconnected' };
        })
        .then((answer) => this.#take(answer, at));
    }
  }

  #take(answer: StationAnswer, at: { evse: string; order: number }): void {
    const { evse } = at;
    const isGone = answer.is === 'SILENT' || (answer.is === 'NOT_SENT' && answer.because === 'offline');
    if (answer.is === 'ACCEPTED') this.add({ kind: 'confirmed', ...at });
    else if (answer.is !== 'SILENT') this.add({ kind: 'refused', ...at });
    if (isGone) this.add({ kind: 'silent', evse, what: 'station' });
  }
}

const isSame = (one: Ceiling | undefined, other: Ceiling) => one?.a === other.a && one?.w === other.w;

/** A limit in both its units. */
const limitFor = ({ voltage, phases }: SiteEvse, current: EvseLimit['current'], since: EvseLimit['since']): EvseLimit => ({
  current,
  power: watts(Math.floor(current * voltage * phases)),
  since,
});
