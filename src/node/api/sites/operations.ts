import { loadPerNode } from '../../../domain/site/node-load.ts';
import type { EpochSeconds } from '../../../domain/units.ts';
import type { SiteBalance } from '../../sites/site-balance.ts';
import type { SiteView } from './schemas.ts';

/** A site as the operator sees it. */
export function viewSite({ state }: SiteBalance, now: EpochSeconds): SiteView {
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
