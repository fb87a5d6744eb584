import { ok, type Result } from '../../../domain/result.ts';
import type { SiteState } from '../../../domain/site/balance.ts';
import type { Capacity } from '../../../domain/site/ceiling.ts';
import { ceilingAt, imposedCeiling, readWrittenLimit, type WrittenLimit } from '../../../domain/site/imposed-limit.ts';
import type { LimitNode } from '../../../domain/site/limit-tree.ts';
import { loadPerNode } from '../../../domain/site/node-load.ts';
import { readDate } from '../../../domain/site/read-ceiling.ts';
import { type EpochSeconds, epochSeconds, toSeconds } from '../../../domain/units.ts';
import { printSeconds } from '../../../ocpi/date-time.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import type { ActNote } from '../../sites/imposed-limits.ts';
import type { SiteBalance } from '../../sites/site-balance.ts';
import { invalid, quote, type Refusal, refuse } from '../refusal.ts';
import type { MeterReading, SiteView, TakenReading } from './schemas.ts';

/** What an operator does with sites. */
export interface SiteOperations {
  sites(): SiteView[];
  /** Imposes a limit on a node of a site, or lifts the imposed one when `limit` is undefined. */
  imposeLimit(path: string, limit: WrittenLimit | undefined, note?: ActNote): Promise<Result<{ items: SiteView[] }, Refusal>>;
  /** Takes a reading of the meter of a building. */
  measure(path: string, reading: MeterReading): Result<TakenReading, Refusal>;
}

export function siteOperations({ clock }: Pick<Context, 'clock'>, { cpo }: Pick<Roles, 'cpo'>): SiteOperations {
  const sites = () => (cpo?.limits.balances() ?? []).map((it) => viewSite(it, toSeconds(clock.now())));
  return {
    sites,
    imposeLimit: async (path, limit, note) => {
      const mistake = limit && mistakeIn(limit, toSeconds(clock.now()));
      if (mistake) return invalid(mistake.key, `${mistake.key}: ${mistake.says}`);
      const done = await cpo?.limits.imposed.impose(path, limit, note);
      return done?.ok ? ok({ items: sites() }) : refuse(404, 'NOT_FOUND', done?.problem ?? 'this node has no sites in its configuration');
    },
    measure: (path, { at, a, w }) => {
      if (a === undefined && w === undefined) return invalid('a', 'a: missing, allowed: a (A on L1, L2 and L3), w (W over all phases), or both');
      const moment = at === undefined ? undefined : readDate(at);
      if (at !== undefined && moment === undefined)
        return invalid('at', `at: found ${quote(at)}, allowed: a date and time with its zone, such as 2026-01-31T09:30:00Z`);
      const reading = { ...(a && { a }), ...(w !== undefined && { w }), ...(moment !== undefined && { at: epochSeconds(Math.floor(moment)) }) };
      const taken = cpo?.limits.meters.measure(path, reading);
      if (taken?.ok) return ok({ node: taken.value.path, until: printSeconds(taken.value.until) });
      if (!taken || taken.problem.is === 'no such node') return refuse(404, 'NOT_FOUND', taken?.problem.says ?? 'this node has no sites in its configuration');
      return taken.problem.is === 'no meter' ? refuse(409, 'NOT_POSSIBLE', taken.problem.says) : invalid('at', `at: ${taken.problem.says}`);
    },
  };
}

/** What is wrong with a limit that the schema cannot express; undefined: nothing. */
export function mistakeIn(limit: WrittenLimit, now: EpochSeconds): { key: string; says: string } | undefined {
  const read = readWrittenLimit(limit);
  if (!read.ok) return { ...read.problem, key: read.problem.key || 'body' };
  const isOver = imposedCeiling(read.value, { at: now, now }) === undefined;
  return isOver ? { key: 'until', says: `found ${quote(limit.until ?? '')}, which has passed: name a later moment, or lift the limit` } : undefined;
}

function viewSite({ state }: SiteBalance, now: EpochSeconds): SiteView {
  const { tree, rule, evses } = state;
  const loads = loadPerNode(state, now);
  return {
    name: tree.name,
    rule,
    nodes: tree.nodes.map((node, n) => {
      const load = loads[n];
      return { ...viewLimits(state, node, { n, now }), load: { a: load ? [...load.a] : [], w: load?.w ?? 0 } };
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
        ...(it?.observed && { observed: true as const }),
      };
    }),
  };
}

type NodeView = SiteView['nodes'][number];

/** The limits of a node now and later. */
function viewLimits({ plan, imposed, buildings }: SiteState, { name, path }: LimitNode, { n, now }: { n: number; now: EpochSeconds }): Omit<NodeView, 'load'> {
  const [capacity, more, building] = [plan?.capacities[n], imposed.get(name), buildings.get(name)];
  const taken = capacity?.taken;
  return {
    path,
    limit: limitIn(capacity),
    ...(more && { imposed: ceilingAt(more, now) }),
    ...(taken && building && { building: { a: [...taken.a], w: taken.w, until: printSeconds(building.until) } }),
    coming: (plan?.later ?? []).map(({ begins, capacities }) => ({
      from: printSeconds(begins),
      limit: limitIn(capacities[n]),
      building: capacities[n]?.taken !== undefined,
    })),
  };
}

const limitIn = (capacity: Capacity | undefined) => ({
  ...(capacity && Number.isFinite(capacity.a) && { a: Number(capacity.a) }),
  ...(capacity && Number.isFinite(capacity.w) && { w: Number(capacity.w) }),
});
