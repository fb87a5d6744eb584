import { fold } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { type BuildingReading, STALE, validUntil } from '../../domain/site/building-load.ts';
import type { LimitNode } from '../../domain/site/limit-tree.ts';
import { type EpochSeconds, toSeconds } from '../../domain/units.ts';
import type { Context } from '../core/context.ts';
import type { SiteBalance } from './site-balance.ts';

/** A reading of a meter: A on L1, L2 and L3 of the grid, W in total, or both; without a moment it was made now. */
export type MeterValue = Omit<BuildingReading, 'at'> & { at?: EpochSeconds };

/** Why a reading is not taken. */
export interface MeterProblem {
  is: 'no such node' | 'no meter' | 'too old' | 'in the future';
  says: string;
}

/** The load of a building is recorded at most once in this time, and at least once in the longer one, in s. */
const RECORDED = { least: 10, most: 600 };
/** Clocks of meters may be ahead by this, in s. */
const AHEAD = 60;

/** The meters of buildings: their readings take a part of the limits of sites. */
export class BuildingMeters {
  readonly #context: Pick<Context, 'clock' | 'journal' | 'metrics'>;
  readonly #balances: () => readonly SiteBalance[];
  /** Paths of nodes whose meter is silent now: each silence is reported once. */
  readonly #silent = new Set<string>();
  /** What was recorded last as the load of each building, by path. */
  readonly #recorded = new Map<string, { load: string; at: EpochSeconds }>();

  constructor(context: Pick<Context, 'clock' | 'journal' | 'metrics'>, balances: () => readonly SiteBalance[]) {
    this.#context = context;
    this.#balances = balances;
  }

  /** Takes a reading of the meter of a node. Resolves until when it counts; fails with what is wrong, and what is allowed. */
  measure(path: string, { at, ...reading }: MeterValue): Result<{ path: string; until: EpochSeconds }, MeterProblem> {
    const all = this.#balances().flatMap((balance) => balance.state.tree.nodes.map((node) => ({ balance, node })));
    const found = all.find(({ node }) => fold(node.path) === fold(path));
    const metered = all.filter(({ node }) => node.meter).map(({ node }) => node.path);
    const allowed = metered.length > 0 ? `with a meter there are ${metered.join(', ')}` : 'no node has a meter';
    if (!found) return fail({ is: 'no such node', says: `found ${path}, and no site has such a node; ${allowed}` });
    if (!found.node.meter)
      return fail({
        is: 'no meter',
        says: `found ${found.node.path}, which has no meter in the configuration; ${allowed}. Add meter: { fallback: { a: … } } to the node`,
      });
    const now = toSeconds(this.#context.clock.now());
    const moment = at === undefined || (at > now && at <= now + AHEAD) ? now : at;
    if (moment > now) return fail({ is: 'in the future', says: `is ${moment - now} s ahead of this node, allowed are ${AHEAD} s: set the clock of the meter` });
    if (now - moment >= STALE) return fail({ is: 'too old', says: `is ${now - moment} s old, allowed are less than ${STALE} s: send each reading at once` });
    found.balance.add({ kind: 'building', node: found.node.name, ...reading, at: moment });
    return ok({ path: found.node.path, until: validUntil(moment) });
  }

  /** The nodes whose meter is silent now, and the names of their sites. */
  silent(): { site: string; path: string }[] {
    return this.#balances().flatMap(({ state: { tree } }) => tree.nodes.flatMap(({ path }) => (this.#silent.has(path) ? [{ site: tree.name, path }] : [])));
  }

  /** Reports meters that became silent, and those that are back. */
  look(): void {
    const { clock, journal, metrics } = this.#context;
    const now = toSeconds(clock.now());
    for (const { state } of this.#balances()) {
      const metered = state.tree.nodes.filter(({ meter }) => meter);
      if (metered.length === 0) continue;
      for (const node of metered) this.#record(state, node, now);
      const isSilent = (name: string) => now >= (state.buildings.get(name)?.until ?? 0);
      for (const { name, path } of metered) {
        if (isSilent(name) === this.#silent.has(path)) continue;
        if (this.#silent.delete(path)) journal.note({ step: 'site-meter-back', site: state.tree.name, where: path });
        else {
          this.#silent.add(path);
          journal.note({ step: 'site-meter-silent', site: state.tree.name, where: path });
        }
      }
      metrics.siteMetersSilent.set({ site: state.tree.name }, metered.filter(({ name }) => isSilent(name)).length);
    }
  }

  /** Records what counts as the load of a building when that has changed, and from time to time. */
  #record({ tree, buildings }: SiteBalance['state'], { name, path }: LimitNode, now: EpochSeconds): void {
    const building = buildings.get(name);
    const taken = building && now < building.until ? building.taken : undefined;
    const [load, before] = [JSON.stringify(taken ?? null), this.#recorded.get(path)];
    const age = now - (before?.at ?? -Infinity);
    if (age < (load === before?.load ? RECORDED.most : RECORDED.least)) return;
    this.#recorded.set(path, { load, at: now });
    this.#context.journal.note({ step: 'site-building-load', site: tree.name, node: name, ...(taken && { load: taken }) });
  }
}
