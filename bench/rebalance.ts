import type { Evse } from '../src/domain/evse.ts';
import type { Result } from '../src/domain/result.ts';
import { applyEvent, applyEvents, initialSiteState, type SiteState } from '../src/domain/site/balance.ts';
import { buildSites } from '../src/domain/site/build-sites.ts';
import type { NodeDescription } from '../src/domain/site/description.ts';
import type { LimitTree } from '../src/domain/site/limit-tree.ts';
import type { Rule } from '../src/domain/site/share.ts';
import { amperes, epochSeconds, volts } from '../src/domain/units.ts';
import { atMost, type Benchmark } from './benchmark.ts';

const EVSES = 1000;
const TIMES = 500;
const WARM_UP = 50;
/** ms */
const AIM = 50;
const KINDS = ['AC_3_PHASE', 'AC_3_PHASE', 'AC_1_PHASE', 'AC_3_PHASE', 'AC_2_PHASE'] as const;
const ROTATIONS = ['RST', 'STR', 'TRS'] as const;
const BEGIN = 1_780_000_000;

/** 1,000 EVSEs with a car each below one connection, ten panels and a hundred groups: from a change of a limit to the orders. */
export const rebalance: Benchmark = async ({ progress }) => {
  const tree = streetOfGarages();
  const rules: readonly Rule[] = ['equal', 'proportional', 'first-come', 'by-preference'];
  return rules.flatMap((rule) => {
    progress(`${TIMES} times by the rule ${rule}`);
    const times = measure(tree, rule).sort((a, b) => a - b);
    const at = (part: number) => times[Math.floor(times.length * part)] ?? Number.NaN;
    return [
      atMost(`${EVSES} EVSEs, ${rule}, median`, at(0.5), { unit: 'ms', aim: AIM }),
      atMost(`${EVSES} EVSEs, ${rule}, p99`, at(0.99), { unit: 'ms', aim: AIM }),
    ];
  });
};

/** Each time the connection carries another current, so that everybody's share is another. */
function measure(tree: LimitTree, rule: Rule): number[] {
  let state: SiteState = initialSiteState(tree, { rule });
  for (const [n, { uid }] of tree.evses.entries())
    state = applyEvent(state, { kind: 'plugged-in', evse: uid, weight: 1 + (n % 7) }, epochSeconds(BEGIN - EVSES + n)).state;
  const times: number[] = [];
  for (let n = 0; n < TIMES + WARM_UP; n++) {
    const limit = { a: amperes(6500 + ((n * 317) % 2500)) };
    const now = epochSeconds(BEGIN + n * 60);
    const began = performance.now();
    const { state: after, orders } = applyEvent(state, { kind: 'limit-changed', node: tree.name, limit }, now);
    if (n >= WARM_UP) times.push(performance.now() - began);
    state = applyEvents(
      after,
      orders.map(({ evse, id }) => ({ kind: 'confirmed', evse, order: id })),
      now,
    ).state;
  }
  return times;
}

function streetOfGarages(): LimitTree {
  const evses = Array.from(
    { length: EVSES },
    (_, n): Evse => ({
      uid: `E${n}`,
      evseId: 1,
      connectorId: 1,
      powerType: KINDS[n % KINDS.length] ?? 'AC_3_PHASE',
      maxVoltage: volts(230),
      maxAmperage: amperes(32),
    }),
  );
  const group = (p: number, g: number): NodeDescription => ({
    name: `group ${p}.${g}`,
    limit: { a: 160 },
    evses: Array.from({ length: 10 }, (_, n) => ({ uid: `E${(p * 10 + g) * 10 + n}`, rotation: ROTATIONS[n % 3] ?? 'RST' })),
  });
  const panel = (p: number): NodeDescription => ({ name: `panel ${p}`, limit: { a: 1200 }, children: Array.from({ length: 10 }, (_, g) => group(p, g)) });
  return only(buildSites([{ name: 'grid', limit: { a: 9000, w: 6_000_000 }, children: Array.from({ length: 10 }, (_, p) => panel(p)) }], evses));
}

function only(built: Result<readonly LimitTree[], unknown>): LimitTree {
  const [tree] = built.ok ? built.value : [];
  if (!tree) throw new Error(`the site of the figure has mistakes: ${JSON.stringify(built)}`);
  return tree;
}
