import { ok, type Result } from '../../../domain/result.ts';
import type { Ceiling } from '../../../domain/site/ceiling.ts';
import { loadPerNode } from '../../../domain/site/node-load.ts';
import { type EpochSeconds, toSeconds } from '../../../domain/units.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import type { SiteBalance } from '../../sites/site-balance.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { SiteView } from './schemas.ts';

/** What an operator does with sites. */
export interface SiteOperations {
  sites(): SiteView[];
  /** Imposes a limit on a node of a site, or lifts the imposed one when `limit` is undefined. */
  imposeLimit(path: string, limit: Ceiling | undefined): Promise<Result<{ items: SiteView[] }, Refusal>>;
}

export function siteOperations({ clock }: Pick<Context, 'clock'>, { cpo }: Pick<Roles, 'cpo'>): SiteOperations {
  const sites = () => (cpo?.limits.balances() ?? []).map((it) => viewSite(it, toSeconds(clock.now())));
  return {
    sites,
    imposeLimit: async (path, limit) => {
      const done = await cpo?.limits.imposed.impose(path, limit);
      return done?.ok ? ok({ items: sites() }) : refuse(404, 'NOT_FOUND', done?.problem ?? 'this node has no sites in its configuration');
    },
  };
}

function viewSite({ state }: SiteBalance, now: EpochSeconds): SiteView {
  const { tree, rule, plan, imposed, evses } = state;
  const loads = loadPerNode(state, now);
  return {
    name: tree.name,
    rule,
    nodes: tree.nodes.map(({ path, name }, n) => {
      const [room, load, more] = [plan?.capacities[n], loads[n], imposed.get(name)];
      const limit = { ...(room && Number.isFinite(room.a) && { a: Number(room.a) }), ...(room && Number.isFinite(room.w) && { w: Number(room.w) }) };
      return { path, limit, ...(more && { imposed: more }), load: { a: load ? [...load.a] : [], w: load?.w ?? 0 } };
    }),
    evses: tree.evses.map(({ uid, node }, n) => {
      const it = evses[n];
      const ordered = it?.sent.at(-1)?.current;
      return {
        uid,
        path: tree.nodes[node]?.path ?? tree.name,
        car: it?.pluggedAt !== undefined,
        ...(it?.confirmed !== undefined && { confirmed: it.confirmed }),
        ...(ordered !== undefined && { ordered }),
        ...(it?.measured !== undefined && { measured: it.measured }),
        silent: it?.silent ?? false,
      };
    }),
  };
}
