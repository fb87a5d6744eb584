import type { BalanceStep } from '../../domain/site/balance.ts';
import type { LimitTree } from '../../domain/site/limit-tree.ts';
import type { Context } from '../core/context.ts';

/** Reports what the steps of balances have ordered and found, in journal and metrics. */
export class SiteFindings {
  readonly #context: Pick<Context, 'journal' | 'metrics'>;
  /** Findings about limits that are exceeded now, by the name of the site: each node and phase is reported once. */
  readonly #exceeded = new Map<string, readonly string[]>();

  constructor(context: Pick<Context, 'journal' | 'metrics'>) {
    this.#context = context;
  }

  /** Reports one step of a site. */
  note(tree: LimitTree, { state, orders, deviations, exceeded: found }: BalanceStep): void {
    const { journal, metrics } = this.#context;
    // Where every EVSE is only observed, the node keeps no limit: the shadow counts what was measured.
    const exceeded = state.evses.every(({ observed }) => observed) ? [] : found;
    for (const { evse, current } of orders) journal.note({ step: 'site-limit-sent', site: tree.name, evse, current });
    for (const { evse, measured, allowed } of deviations) {
      metrics.siteDeviations.inc({ site: tree.name });
      journal.note({ step: 'site-deviation', site: tree.name, evse, measured, allowed });
    }
    const before = (this.#exceeded.get(tree.name) ?? []).map(withoutAmount);
    for (const where of exceeded) if (!before.includes(withoutAmount(where))) journal.note({ step: 'site-exceeded', site: tree.name, where });
    this.#exceeded.set(tree.name, exceeded);
    metrics.siteExceeded.set({ site: tree.name }, exceeded.length);
  }

  /** The limits that are exceeded now, and by how much, such as `3.2 A too much`. */
  exceeded(): { site: string; where: string; amount: string | undefined }[] {
    return [...this.#exceeded].flatMap(([site, all]) => all.map((finding) => ({ site, where: withoutAmount(finding), amount: finding.split(': ')[1] })));
  }

  /** A site is balanced no longer. */
  forget({ name }: LimitTree): void {
    this.#exceeded.delete(name);
    this.#context.metrics.siteExceeded.set({ site: name }, 0);
  }
}

/** The part of a finding without its amount: `grid/panel A on phase S` of `grid/panel A on phase S: 3.2 A too much`. */
const withoutAmount = (finding: string): string => finding.split(':')[0] ?? finding;
