import { type Evse, phasesOf } from '../evse.ts';
import { fold } from '../ids.ts';
import { evseMaximum, floorTenth } from '../profile/convert.ts';
import { fail, ok, type Result } from '../result.ts';
import { amperes, volts } from '../units.ts';
import type { EvseDescription, NodeDescription, SiteDescription, SiteMistake } from './description.ts';
import { ineffectiveCeiling } from './ineffective-ceiling.ts';
import { CELLS, type LimitNode, type LimitTree, type Load, type SiteEvse, WATTS_CELL } from './limit-tree.ts';
import { isTimeZone } from './local-day.ts';
import { readCeiling } from './read-ceiling.ts';

/** The least current of a car that charges (IEC 61851-1). */
const MINIMUM = 6;
const VOLTAGE = 230;
const PHASES = 'RST';

/**
 * Builds the trees of all sites of an operator over the EVSEs that it has. Fails with every mistake at once: a node that
 * holds itself or stands twice, an EVSE that is not known, stands twice or lacks its rotation, a limit that is no limit.
 */
export function buildSites(sites: readonly SiteDescription[], evses: readonly Evse[]): Result<readonly LimitTree[], readonly SiteMistake[]> {
  const known = new Map(evses.map((evse) => [fold(evse.uid), evse]));
  const all: Survey = { mistakes: [], known, placed: new Map(), names: new Map() };
  const trees = sites.map((site, n) => buildSite(site, `${n}`, all));
  return all.mistakes.length > 0 ? fail(all.mistakes) : ok(trees);
}

interface Survey {
  mistakes: SiteMistake[];
  known: ReadonlyMap<string, Evse>;
  /** Where an EVSE already stands; by its folded uid. */
  placed: Map<string, string>;
  /** Where a name already stands: the names of sites, and within each of its nodes by their path. */
  names: Map<string, string>;
}

interface Growing {
  all: Survey;
  site: SiteDescription;
  nodes: LimitNode[];
  evses: SiteEvse[];
}

/** The place of a node in its description. */
interface Place {
  key: string;
  path: string;
  parent: number;
  above: readonly NodeDescription[];
}

function buildSite(site: SiteDescription, key: string, all: Survey): LimitTree {
  const place = { key, path: site.name, parent: -1, above: [] };
  const say = (says: string) => all.mistakes.push({ key, path: site.name, says });
  const timeZone = site.time_zone ?? 'UTC';
  if (all.names.has(fold(site.name))) say('stands twice: give each site a name of its own');
  all.names.set(fold(site.name), site.name);
  if (!isTimeZone(timeZone)) say(`has the time zone ${timeZone}, which is not known: use a name such as Europe/Amsterdam`);
  if (site.limit?.a === undefined && site.limit?.w === undefined && (site.schedule ?? []).length === 0)
    say('is the root and has no limit: give it what the grid connection carries, as limit: { a: … } (A per phase), { w: … } (W) or a schedule');
  else if (Number(site.limit?.a ?? site.limit?.w ?? Infinity) === Infinity && site.schedule?.some(({ from }) => from.includes('T')))
    say(`has no limit before ${site.schedule[0]?.from}: give it a fixed limit beside the schedule`);
  const growing: Growing = { all: { ...all, names: new Map() }, site, nodes: [], evses: [] };
  growNode(site, place, growing);
  return { name: site.name, timeZone, nodes: growing.nodes, evses: growing.evses };
}

function growNode(node: NodeDescription, place: Place, growing: Growing): void {
  const { all, nodes, evses } = growing;
  const say = (says: string) => all.mistakes.push({ key: place.key, path: place.path, says });
  if (place.above.includes(node)) return void say('holds itself: take it out of its own children');
  const elsewhere = all.names.get(fold(node.name));
  if (elsewhere !== undefined) say(`stands twice, here and as ${elsewhere}: give each node of a site a name of its own, and one place`);
  all.names.set(fold(node.name), place.path);
  const ceiling = readCeiling(node);
  if (!ceiling.ok) say(ceiling.problem);
  const number = nodes.length;
  const first = evses.length;
  const made = { name: node.name, path: place.path, parent: place.parent, ceiling: ceiling.ok ? ceiling.value : NOTHING, first };
  nodes.push({ ...made, end: first });
  const needless = ineffectiveCeiling(nodes, number);
  if (needless !== undefined) say(needless);
  for (const [n, evse] of (node.evses ?? []).entries()) placeEvse(evse, { ...place, key: `${place.key}.evses.${n}`, parent: number }, growing);
  for (const [n, child] of (node.children ?? []).entries())
    growNode(child, { key: `${place.key}.children.${n}`, path: `${place.path}/${child.name}`, parent: number, above: [...place.above, node] }, growing);
  nodes[number] = { ...made, end: evses.length };
}
const NOTHING = { fixed: {}, dated: [], daily: [] };

function placeEvse(it: EvseDescription, place: Place, growing: Growing): void {
  const { all, evses } = growing;
  const say = (says: string) => all.mistakes.push({ key: place.key, path: place.path, says: `EVSE ${it.uid} ${says}` });
  const evse = all.known.get(fold(it.uid));
  const elsewhere = all.placed.get(fold(it.uid));
  if (!evse) return void say('is not known: name one of charge_points.evses by its uid');
  if (elsewhere !== undefined) return void say(`stands twice, here and in ${elsewhere}: leave it where its cable is`);
  all.placed.set(fold(it.uid), place.path);
  const made = measureEvse(it, evse, growing.site.voltage ?? VOLTAGE);
  if (made.maximum < made.minimum) return void say(`carries ${made.maximum} A on each phase and needs ${made.minimum} A to charge: correct one of them`);
  const wires = made.phases === 3 ? PHASES : (it.rotation ?? '').slice(0, made.phases);
  if (wires.length < made.phases)
    return void say(`has ${made.phases} phases and rotation ${it.rotation ?? 'none'}: name the grid phase of each, such as ${PHASES.slice(0, made.phases)}`);
  evses.push({ ...made, node: place.parent, loads: loadsOf({ ...made, wires }, place.parent, growing.nodes) });
}

function measureEvse({ minimum = MINIMUM }: EvseDescription, evse: Evse, grid: number) {
  const { uid } = evse;
  const least = amperes(minimum);
  if (evse.powerType !== 'DC')
    return { uid, evse, minimum: least, maximum: evseMaximum(evse, 'A'), voltage: evse.maxVoltage, phases: phasesOf(evse.powerType) };
  const phases: 1 | 2 | 3 = 3;
  return { uid, evse, minimum: least, maximum: amperes(floorTenth(evseMaximum(evse, 'W') / (grid * phases))), voltage: volts(grid), phases };
}

function loadsOf(it: { voltage: number; phases: number; wires: string }, parent: number, nodes: readonly LimitNode[]): readonly Load[] {
  const loads: Load[] = [];
  for (let n = parent; n >= 0; n = nodes[n]?.parent ?? -1) {
    for (const wire of it.wires) loads.push({ cell: n * CELLS + PHASES.indexOf(wire), per: 1 });
    loads.push({ cell: n * CELLS + WATTS_CELL, per: (it.voltage * it.phases) / 10 });
  }
  return loads;
}
