import { fold } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import { buildSites } from '../../domain/site/build-sites.ts';
import type { SiteMistake } from '../../domain/site/description.ts';
import type { LimitTree } from '../../domain/site/limit-tree.ts';
import type { Rule } from '../../domain/site/share.ts';
import type { Config } from './config.ts';
import { evseOf } from './evse-directory.ts';

/** A configured site: its tree of limits, and the rule by which EVSEs share them. */
export interface Site {
  tree: LimitTree;
  rule: Rule;
}

/** The sites of a checked configuration. */
export function sitesOf(config: Pick<Config, 'sites' | 'charge_points'>): readonly Site[] {
  const read = readSites(config);
  return read.ok ? read.value : [];
}

const RULES: Readonly<Record<Config['sites'][number]['rule'], Rule>> = {
  equal: 'equal',
  proportional: 'proportional',
  first_come: 'first-come',
  by_preference: 'by-preference',
};

/** The sites of a configuration; fails with every mistake in them, each with its key within `sites`. */
export function readSites({ sites, charge_points }: Pick<Config, 'sites' | 'charge_points'>): Result<readonly Site[], readonly SiteMistake[]> {
  const built = buildSites(
    sites,
    charge_points.flatMap(({ evses }) => evses.map(evseOf)),
  );
  if (!built.ok) return built;
  const ruleOf = new Map(sites.map(({ name, rule }) => [fold(name), RULES[rule]]));
  return ok(built.value.map((tree) => ({ tree, rule: ruleOf.get(fold(tree.name)) ?? 'equal' })));
}
