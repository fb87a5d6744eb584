import { amperes, epochSeconds } from '../units.ts';
import { applyEvents, type BalanceStep, initialSiteState } from './balance.ts';
import type { SiteEvent } from './event.ts';
import type { LimitTree } from './limit-tree.ts';
import type { Rule } from './share.ts';
import { evseOf, NOON, treeOf } from './site.fixture.ts';

/** A site with two EVSEs of 32 A behind a grid connection of 32 A. */
export const pair = treeOf({ name: 'grid', limit: { a: 32 }, evses: [{ uid: 'A' }, { uid: 'B' }] }, [evseOf('A'), evseOf('B')]);

/** A site at which `confirm` accepts all orders of the last step, as its stations would. */
export class Site {
  at = 0;
  last: BalanceStep;
  constructor(tree: LimitTree = pair, rule: Rule = 'equal') {
    this.last = { state: initialSiteState(tree, { rule }), orders: [], deviations: [], exceeded: [] };
    this.apply({ kind: 'tick' });
    this.confirm();
  }
  apply(...events: SiteEvent[]): string[] {
    this.last = applyEvents(this.last.state, events, epochSeconds(NOON + this.at));
    return this.last.orders.map(({ evse, current, later }) => [`${evse} ${current}`, ...later.map((it) => `${it.current} from ${it.from - NOON}`)].join(', '));
  }
  wait(time: number): string[] {
    this.at += time;
    return this.apply({ kind: 'tick' });
  }
  confirm(): string[] {
    return this.apply(...this.last.orders.map(({ evse, id }): SiteEvent => ({ kind: 'confirmed', evse, order: id })));
  }
  meter = (evse: string, current: number) => this.apply({ kind: 'meter', evse, current: amperes(current) });
  plug = (evse: string) => this.apply({ kind: 'plugged-in', evse });
}
/** A site with one car, whose limit is confirmed. */
export function alone(): Site {
  const site = new Site();
  site.plug('A');
  site.confirm();
  return site;
}
