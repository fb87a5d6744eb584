import { type Evse, phasesOf } from '../evse.ts';
import { fold } from '../ids.ts';
import { evseMaximum, floorTenth } from '../profile/convert.ts';
import { fail, ok, type Result } from '../result.ts';
import { amperes, volts } from '../units.ts';
import type { BuildingMeter } from './building-load.ts';
import type { EvseDescription, MeterDescription, NodeDescription, SiteDescription, SiteMistake } from './description.ts';
import { ineffectiveCeiling } from './ineffective-ceiling.ts';
import { CELLS, type LimitNode, type LimitTree, type Load, type SiteEvse, WATTS_CELL } from './limit-tree.ts';
import { isTimeZone } from './local-day.ts';
import { ceilingOf, fallbackMistake, readCeiling } from './read-ceiling.ts';

/** The default minimum charging current in A (IEC 61851-1). */
const MINIMUM = 6;
/** The default grid voltage in V, line to neutral. */
const VOLTAGE = 230;
/** The default margin above the load of a building, in A on each phase. */
const MARGIN = 2;
const PHASES = 'RST';

/**
 * Builds the trees of all sites over the EVSEs of an operator. Fails with all errors at once: a node inside itself, a name or an EVSE
 * that appears twice, an unknown EVSE, an EVSE without its rotation, an invalid or ineffective limit, an unknown time zone.
 */
export function buildSites(sites: readonly SiteDescription[], evses: readonly Evse[]): Result<readonly LimitTree[], readonly SiteMistake[]> {
  const known = new Map(evses.map((evse) => [fold(evse.uid), evse]));
  const all: AllSites = { mistakes: [], known, placed: new Map(), names: new Map() };
  const trees = sites.map((site, n) => buildSite(site, `${n}`, all));
  return all.mistakes.length > 0 ? fail(all.mistakes) : ok(trees);
}

interface AllSites {
  mistakes: SiteMistake[];
  known: ReadonlyMap<string, Evse>;
  /** The path of the node that an EVSE is already under, by folded uid. */
  placed: Map<string, string>;
  /** The paths of the names in use, by folded name: of all sites, or of the nodes of one site. */
  names: Map<string, string>;
}

interface SiteInProgress {
  all: AllSites;
  site: SiteDescription;
  nodes: LimitNode[];
  evses: SiteEvse[];
}

/** The position of a node in its description; `above` has the nodes that contain it. */
interface Position {
  key: string;
  path: string;
  parent: number;
  above: readonly NodeDescription[];
}

function buildSite(site: SiteDescription, key: string, all: AllSites): LimitTree {
  const position = { key, path: site.name, parent: -1, above: [] };
  const report = (says: string) => all.mistakes.push({ key, path: site.name, says });
  const timeZone = site.time_zone ?? 'UTC';
  if (all.names.has(fold(site.name))) report('appears twice: give each site its own name');
  all.names.set(fold(site.name), site.name);
  if (!isTimeZone(timeZone)) report(`has the time zone ${timeZone}, which is not known: use a name such as Europe/Amsterdam`);
  if (site.limit?.a === undefined && site.limit?.w === undefined && (site.schedule ?? []).length === 0)
    report('is the root and has no limit: give it what the grid connection carries, as limit: { a: … } (A per phase), { w: … } (W) or a schedule');
  else if (Number(site.limit?.a ?? site.limit?.w ?? Infinity) === Infinity && site.schedule?.some(({ from }) => from.includes('T')))
    report(`has no limit before ${site.schedule[0]?.from}: give it a fixed limit beside the schedule`);
  const made: SiteInProgress = { all: { ...all, names: new Map() }, site, nodes: [], evses: [] };
  addNode(site, position, made);
  return { name: site.name, timeZone, nodes: made.nodes, evses: made.evses };
}

function addNode(node: NodeDescription, position: Position, inProgress: SiteInProgress): void {
  const { all, nodes, evses } = inProgress;
  const report = (says: string) => all.mistakes.push({ key: position.key, path: position.path, says });
  if (position.above.includes(node)) return void report('contains itself: remove it from its own children');
  const elsewhere = all.names.get(fold(node.name));
  if (elsewhere !== undefined) report(`appears twice, here and as ${elsewhere}: give each node of a site its own name and list it once`);
  all.names.set(fold(node.name), position.path);
  const ceiling = readCeiling(node);
  if (!ceiling.ok) report(ceiling.problem);
  const fallback = fallbackMistake(node);
  if (fallback !== undefined) report(fallback);
  const number = nodes.length;
  const first = evses.length;
  const own = { name: node.name, path: position.path, parent: position.parent, ceiling: ceiling.ok ? ceiling.value : NO_CEILING, first };
  const made = { ...own, ...(node.meter && { meter: meterOf(node.meter, inProgress.site.voltage ?? VOLTAGE) }) };
  nodes.push({ ...made, end: first });
  const ineffective = ineffectiveCeiling(nodes, number);
  if (ineffective !== undefined) report(ineffective);
  for (const [n, evse] of (node.evses ?? []).entries()) addEvse(evse, { ...position, key: `${position.key}.evses.${n}`, parent: number }, inProgress);
  for (const [n, child] of (node.children ?? []).entries())
    addNode(
      child,
      { key: `${position.key}.children.${n}`, path: `${position.path}/${child.name}`, parent: number, above: [...position.above, node] },
      inProgress,
    );
  nodes[number] = { ...made, end: evses.length };
}
const meterOf = ({ fallback, margin = MARGIN }: MeterDescription, voltage: number): BuildingMeter => ({ fallback: ceilingOf(fallback), margin, voltage });
const NO_CEILING = { fixed: {}, dated: [], daily: [] };

function addEvse(it: EvseDescription, position: Position, inProgress: SiteInProgress): void {
  const { all, evses } = inProgress;
  const report = (says: string) => all.mistakes.push({ key: position.key, path: position.path, says: `EVSE ${it.uid} ${says}` });
  const evse = all.known.get(fold(it.uid));
  const elsewhere = all.placed.get(fold(it.uid));
  if (!evse) return void report('is not known: name one of charge_points.evses by its uid');
  if (elsewhere !== undefined) return void report(`appears twice, here and in ${elsewhere}: list it only under the node that feeds it`);
  all.placed.set(fold(it.uid), position.path);
  const made = limitsOfEvse(it, evse, inProgress.site.voltage ?? VOLTAGE);
  if (made.maximum < made.minimum) return void report(`carries ${made.maximum} A on each phase and needs ${made.minimum} A to charge: correct one of them`);
  const phases = made.phases === 3 ? PHASES : (it.rotation ?? '').slice(0, made.phases);
  if (phases.length < made.phases)
    return void report(
      `has ${made.phases} phases and rotation ${it.rotation ?? 'none'}: set rotation to the grid phase of each, such as ${PHASES.slice(0, made.phases)}`,
    );
  evses.push({ ...made, node: position.parent, loads: loadsOf({ ...made, gridPhases: phases }, position.parent, inProgress.nodes) });
}

function limitsOfEvse({ minimum = MINIMUM }: EvseDescription, evse: Evse, gridVoltage: number) {
  const { uid } = evse;
  const least = amperes(minimum);
  if (evse.powerType !== 'DC')
    return { uid, evse, minimum: least, maximum: evseMaximum(evse, 'A'), voltage: evse.maxVoltage, phases: phasesOf(evse.powerType) };
  const phases: 1 | 2 | 3 = 3;
  return { uid, evse, minimum: least, maximum: amperes(floorTenth(evseMaximum(evse, 'W') / (gridVoltage * phases))), voltage: volts(gridVoltage), phases };
}

function loadsOf(it: { voltage: number; phases: number; gridPhases: string }, parent: number, nodes: readonly LimitNode[]): readonly Load[] {
  const loads: Load[] = [];
  for (let n = parent; n >= 0; n = nodes[n]?.parent ?? -1) {
    for (const phase of it.gridPhases) loads.push({ cell: n * CELLS + PHASES.indexOf(phase), per: 1 });
    loads.push({ cell: n * CELLS + WATTS_CELL, per: (it.voltage * it.phases) / 10 });
  }
  return loads;
}
