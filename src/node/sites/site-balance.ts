import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../domain/clock.ts';
import { fold } from '../../domain/ids.ts';
import { applyEvents, type BalanceStep, initialSiteState, type SiteState } from '../../domain/site/balance.ts';
import type { ImposedCeiling } from '../../domain/site/ceiling.ts';
import type { Order, SiteEvent } from '../../domain/site/event.ts';
import { confirmedLimit } from '../../domain/site/evse-state.ts';
import { type HeldLimit, heldFrom, lowerHeld } from '../../domain/site/held-limit.ts';
import type { LimitTree, SiteEvse } from '../../domain/site/limit-tree.ts';
import type { StationAnswer } from '../../domain/station.ts';
import { type EpochMillis, toSeconds } from '../../domain/units.ts';
import type { Site } from '../config/read-sites.ts';
import type { RunningWork } from '../core/running-work.ts';
import { type EvseLimit, limitFor } from './evse-limit.ts';

/** Events within this time are processed together, in ms. */
const GATHER_MS = 100;
/** How often a site is balanced when no event arrives, in ms. */
const TICK_MS = 2_000;
const TICK: SiteEvent = { kind: 'tick' };

/** What the balance of a site needs from other parts of the node. */
export interface SiteBalanceDependencies {
  clock: Clock;
  /** Sends an order to the charge point; resolves with the answer. */
  send(order: Order): Promise<StationAnswer>;
  /** The periods that the charge point of an EVSE takes in one profile; undefined: not known now. */
  periodsOf(evseUid: string): number | undefined;
  /** Whether the node only observes an EVSE. */
  isObserved(evseUid: string): boolean;
  /** Computes what would be ordered if observed EVSEs took orders; undefined: nobody wants to know. */
  shadow?: SiteShadow | undefined;
  /** Called after each step, with its orders and findings. */
  onStep(tree: LimitTree, step: BalanceStep): void;
  reportError(what: string, error: unknown): void;
  work: Pick<RunningWork, 'start'>;
}

/** What follows the balance of a site and orders nothing. */
export interface SiteShadow {
  /** The balance has processed these events; `real`: its state after them. Must not throw. */
  follow(events: readonly SiteEvent[], real: SiteState): void;
}

/** Balances one site: takes events, sends orders to the charge points, and takes their answers as events. */
export class SiteBalance {
  readonly #dependencies: SiteBalanceDependencies;
  #state: SiteState;
  #events: SiteEvent[] = [];
  #stop: (() => void) | undefined;
  #ended = false;
  /** When the last step succeeded, by the steady clock. */
  #steppedAt: EpochMillis;

  constructor({ tree, rule }: Site, dependencies: SiteBalanceDependencies) {
    this.#dependencies = dependencies;
    this.#steppedAt = dependencies.clock.steady();
    // Ids of orders must grow across restarts: the time is used as the first one.
    this.#state = initialSiteState(tree, { rule, firstOrder: toSeconds(dependencies.clock.now()) });
  }

  /** Whether a configured site is the one that is balanced here, in every detail. */
  isOf({ tree, rule }: Site): boolean {
    return this.#state.rule === rule && isDeepStrictEqual(this.#state.tree, tree);
  }

  get state(): SiteState {
    return this.#state;
  }

  /** When the site was balanced last, by the steady clock. */
  get steppedAt(): EpochMillis {
    return this.#steppedAt;
  }

  /** Undefined when the EVSE does not belong to this site. */
  evse(uid: string): SiteEvse | undefined {
    const number = this.#state.numbers.get(fold(uid));
    return number === undefined ? undefined : this.#state.tree.evses[number];
  }

  /** The lowest of the limits that may hold at an EVSE: the confirmed one and those without an answer; undefined before the first. */
  limitOf(uid: string): EvseLimit | undefined {
    const evse = this.evse(uid);
    const known = this.#stateOf(uid);
    if (!evse || !known) return undefined;
    const [first, ...others] = [confirmedLimit(known) ?? [], known.sent].flat();
    const now = toSeconds(this.#dependencies.clock.now());
    return (
      first &&
      limitFor(
        evse,
        others.reduce<HeldLimit>((least, it) => lowerHeld(least, it, now), heldFrom(first, now)),
        known.orderedAt,
      )
    );
  }

  /** The last limit that the charge point confirmed. `changing`: another one has no answer yet. */
  confirmedOf(uid: string): { limit: EvseLimit | undefined; changing: boolean } {
    const evse = this.evse(uid);
    const known = this.#stateOf(uid);
    const held = known && confirmedLimit(known);
    const limit = evse && held && limitFor(evse, heldFrom(held, toSeconds(this.#dependencies.clock.now())), known.orderedAt);
    return { limit, changing: known !== undefined && known.sent.length > 0 };
  }

  #stateOf = (uid: string) => this.#state.evses[this.#state.numbers.get(fold(uid)) ?? -1];

  /** Adds an event; it is processed within `GATHER_MS`. */
  add(event: SiteEvent): void {
    this.#events.push(event);
    if (this.#events.length === 1) this.#schedule(GATHER_MS);
  }

  /** Replaces all imposed limits, by the names of nodes. */
  impose(limits: ReadonlyMap<string, ImposedCeiling>): void {
    const lifted = [...this.#state.imposed.keys()].filter((node) => !limits.has(node));
    for (const node of lifted) this.add({ kind: 'limit-changed', node });
    for (const [node, limit] of limits) if (!isSame(this.#state.imposed.get(node), limit)) this.add({ kind: 'limit-changed', node, limit });
  }

  start(): void {
    this.#schedule(GATHER_MS);
  }

  /** Ends the balance: no further step, no further order. */
  end(): void {
    this.#ended = true;
    this.#stop?.();
  }

  #schedule(ms: number): void {
    if (this.#ended) return;
    this.#stop?.();
    this.#stop = this.#dependencies.clock.after(ms, () => this.#step());
  }

  /** The next step is scheduled first: whatever fails in this one, the site is balanced again. Of events that fail together the rest still counts. */
  #step(): void {
    this.#schedule(TICK_MS);
    const events = [...this.#takes(), ...this.#events];
    this.#events = [];
    this.#balance(events);
    this.#dependencies.shadow?.follow(events, this.#state);
  }

  #balance(events: readonly SiteEvent[]): void {
    if (!this.#take([...events, TICK])) {
      for (const event of events) this.#take([event]);
      if (!this.#take([TICK])) return;
    }
    this.#steppedAt = this.#dependencies.clock.steady();
  }

  #takes(): readonly SiteEvent[] {
    return this.#state.tree.evses.flatMap(({ uid }, n): SiteEvent[] => {
      const [periods, observed] = [this.#dependencies.periodsOf(uid), this.#dependencies.isObserved(uid)];
      const known = this.#state.evses[n];
      return [
        ...(periods === undefined || periods === known?.periods ? [] : [{ kind: 'takes', evse: uid, periods } as const]),
        ...(observed === known?.observed ? [] : [{ kind: 'observed', evse: uid, observed } as const]),
      ];
    });
  }

  /** False: the events cannot be applied, and the site is as before. */
  #take(events: readonly SiteEvent[]): boolean {
    let step: BalanceStep;
    try {
      step = applyEvents(this.#state, events, toSeconds(this.#dependencies.clock.now()));
    } catch (error) {
      this.#dependencies.reportError(`balance of ${this.#state.tree.name}`, error);
      return false;
    }
    this.#state = step.state;
    this.#send(step.orders);
    this.#dependencies.onStep(step.state.tree, step);
    return true;
  }

  #send(orders: readonly Order[]): void {
    for (const order of orders) this.#dependencies.work.start(`limit of ${order.evse}`, () => this.#sendOrder(order));
  }

  async #sendOrder(order: Order): Promise<void> {
    const answer = await this.#dependencies.send(order).catch((error): StationAnswer => {
      this.#dependencies.reportError(`limit of ${order.evse}`, error);
      return { is: 'SILENT', because: 'disconnected' };
    });
    this.#addAnswer(answer, { evse: order.evse, order: order.id });
  }

  #addAnswer(answer: StationAnswer, at: { evse: string; order: number }): void {
    const { evse } = at;
    const isOffline = answer.is === 'SILENT' || (answer.is === 'NOT_SENT' && answer.because === 'offline');
    if (answer.is === 'ACCEPTED') this.add({ kind: 'confirmed', ...at });
    else if (answer.is !== 'SILENT') this.add({ kind: 'refused', ...at });
    if (isOffline) this.add({ kind: 'silent', evse, what: 'station' });
  }
}

const isSame = (one: ImposedCeiling | undefined, other: ImposedCeiling) =>
  one !== undefined && JSON.stringify([one.a, one.w, one.later]) === JSON.stringify([other.a, other.w, other.later]);
