import { fold } from '../../../../domain/ids.ts';
import { type EpochSeconds, epochMillis, epochSeconds, toSeconds } from '../../../../domain/units.ts';
import { type BuildingRecord, buildingsAt } from '../../../../store/sql/site-day.ts';
import type { Context } from '../../../core/context.ts';
import type { SitePart } from './part.ts';
import type { SiteDay, SiteMoment } from './schemas.ts';

type Line = NonNullable<SiteDay['building']>;

/** Most records of buildings that are read: a day at one in 10 s. */
const MOST_RECORDS = 10_000;
/** ms: a record is made at least once in 10 minutes; without one for longer the node did not run. */
const HOLDS_MS = 11 * 60_000;
/** Most points of the line. */
const MOST_POINTS = 480;

/** What counted as the load of the building behind a node; undefined: the node has no meter. */
export async function buildingLine(
  { store, clock }: Context,
  { tree, node }: SitePart,
  { from, to }: { from: EpochSeconds; to: EpochSeconds },
): Promise<Line | undefined> {
  if (!node.meter) return undefined;
  const window = { from: epochMillis(from * 1_000 - HOLDS_MS), to: epochMillis(to * 1_000), limit: MOST_RECORDS };
  const records = (await store.all(buildingsAt(fold(tree.name), window))).filter(({ body }) => fold(body.node) === fold(node.name)).toReversed();
  return thinned(stepsOf(records, { from, to, now: toSeconds(clock.now()) }));
}

/** What counted at a moment; undefined: not known. */
export async function buildingAt(context: Context, part: SitePart, { at, now }: { at: EpochSeconds; now: EpochSeconds }): Promise<SiteMoment['building']> {
  if (at > now) return undefined;
  const line = await buildingLine(context, part, { from: at, to: epochSeconds(at + 1) });
  const [, w = null, ...a] = line?.[0] ?? [];
  return w === null ? undefined : { w, a: a.map((it) => it ?? 0) };
}

function stepsOf(records: readonly BuildingRecord[], { from, to, now }: { from: EpochSeconds; to: EpochSeconds; now: EpochSeconds }): Line {
  const line: Line = [];
  for (const [n, { at, body }] of records.entries()) {
    const holds = Math.floor((at + HOLDS_MS) / 1_000);
    const next = records[n + 1];
    const [begins, ends] = [Math.max(from, toSeconds(at)), Math.min(to, now + 1, next ? toSeconds(next.at) : Infinity, holds)];
    if (ends <= begins) continue;
    const [a, b, c] = body.a ?? [null, null, null];
    line.push([begins, body.w ?? null, a, b, c]);
    if (!next || toSeconds(next.at) > holds) line.push([ends, null, null, null, null]);
  }
  return line;
}

/** Of neighbouring points the highest stays: the load of a building changes slowly. */
function thinned(line: Line): Line {
  const by = Math.ceil(line.length / MOST_POINTS);
  if (by <= 1) return line;
  return Array.from({ length: Math.ceil(line.length / by) }, (_, n) => {
    const some = line.slice(n * by, (n + 1) * by);
    const highest = some.reduce((best, it) => ((it[1] ?? -1) > (best[1] ?? -1) ? it : best), some[0] ?? [0, null, null, null, null]);
    return [some[0]?.[0] ?? 0, ...highest.slice(1)] as Line[number];
  });
}
