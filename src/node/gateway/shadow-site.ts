import type { Clock } from '../../domain/clock.ts';
import { fold } from '../../domain/ids.ts';
import type { SiteState } from '../../domain/site/balance.ts';
import type { Order, SiteEvent } from '../../domain/site/event.ts';
import { wattsPerAmpere } from '../../domain/site/limit-tree.ts';
import { type Excess, excessOf, shadowFrom, shadowStep } from '../../domain/site/shadow.ts';
import { toSeconds } from '../../domain/units.ts';
import type { SiteShadow } from '../sites/site-balance.ts';

/** What the shadow of a site needs from other parts of the node. */
export interface ShadowSiteDependencies {
  clock: Clock;
  /** An order that would have been sent to an observed EVSE. */
  ordered(order: Order): void;
  reportError(what: string, error: unknown): void;
}

/** A balance takes a step every 2 s. */
const FOLLOWED_WITHIN_MS = 60_000;

/** Computes what the balance of one site would order if its observed EVSEs took orders. */
export class ShadowSite implements SiteShadow {
  readonly #dependencies: ShadowSiteDependencies;
  /** Undefined while no EVSE of the site is observed. */
  #state: SiteState | undefined;
  /** By the steady clock: the balance of a site that is not in the configuration any more goes on no longer. */
  #followedAt = 0;
  /** Profiles that were not sent, and so are no events of the real balance. */
  #own: SiteEvent[] = [];

  constructor(dependencies: ShadowSiteDependencies) {
    this.#dependencies = dependencies;
  }

  get #current(): SiteState | undefined {
    return this.#dependencies.clock.steady() - this.#followedAt <= FOLLOWED_WITHIN_MS ? this.#state : undefined;
  }

  /** Whether an EVSE belongs to this site; false while the site is not observed. */
  has(uid: string): boolean {
    return this.#current?.numbers.has(fold(uid)) === true;
  }

  /** The profile of a session at an observed EVSE would have changed. */
  add(event: Extract<SiteEvent, { kind: 'profile-changed' }>): void {
    this.#own.push(event);
  }

  follow(events: readonly SiteEvent[], real: SiteState): void {
    const { clock, ordered, reportError } = this.#dependencies;
    const own = this.#own.splice(0);
    this.#followedAt = clock.steady();
    const isObserved = (uid: string) => real.evses[real.numbers.get(fold(uid)) ?? -1]?.observed === true;
    if (!real.evses.some(({ observed }) => observed)) {
      this.#state = undefined;
      return;
    }
    try {
      const taken = events.filter((it) => it.kind !== 'profile-changed' || !isObserved(it.evse));
      const step = shadowStep(this.#state ?? shadowFrom(real), [...taken, ...own], toSeconds(clock.now()));
      this.#state = step.state;
      for (const order of step.orders) if (isObserved(order.evse)) ordered(order);
    } catch (error) {
      this.#state = undefined;
      reportError(`shadow of ${real.tree.name}`, error);
    }
  }

  /** The limit of an EVSE that its site would have set, in W over all phases; undefined: none yet. */
  wattsAt(uid: string): number | undefined {
    const state = this.#current;
    const n = state?.numbers.get(fold(uid)) ?? -1;
    const [evse, it] = [state?.tree.evses[n], state?.evses[n]];
    const current = it?.sent.at(-1)?.current ?? it?.confirmed;
    return evse && current !== undefined ? current * wattsPerAmpere(evse) : undefined;
  }

  /** How far what is measured is above the limits of the site; undefined while the site is not observed. `watts`: what an EVSE draws now. */
  excess(watts: (evseUid: string) => number | undefined): Excess | undefined {
    const state = this.#current;
    if (!state) return undefined;
    return excessOf(state, new Map(state.tree.evses.map((it) => [it.uid, (watts(it.uid) ?? 0) / wattsPerAmpere(it)])));
  }
}
