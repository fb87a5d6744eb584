import { isLower } from '../limit/effective-limit.ts';
import { inUnit, type LimitNow, type LimitSource } from '../limit/limit-source.ts';
import type { BindingNode, SiteShare } from '../site/site-share.ts';
import type { Cause, Evidence } from './cause.ts';
import { isMaximum, isPause } from './draw.ts';
import type { SessionKnowledge } from './known.ts';

/** The causes of the limit that holds now: where it comes from, and for a site what uses up the limit there. */
export function originCauses(known: SessionKnowledge): readonly Cause[] {
  const { limit, supply } = known;
  if (!limit) return [];
  const pauses = isPause(limit, supply);
  const causes = causesOf({ ...limit, origin: limit.origin }, known);
  return causes.map((it, n) => (n === 0 && pauses ? { ...it, pauses } : it));
}

/** The limits that would hold next if the present one ended: the lowest first, the maximum of the EVSE last. */
export function nextCauses(known: SessionKnowledge): readonly Cause[] {
  const { sources, limit, supply } = known;
  const others = sources.filter((it) => it.origin.kind !== limit?.origin.kind || it.origin.name !== limit.origin.name);
  const watts = (it: LimitNow) => inUnit(it, 'W', supply) ?? Infinity;
  // The share of a site is no higher than the profile of the session: when both are equal, the share says nothing of its own.
  const follows = (it: LimitSource) => it.origin.kind === 'site' && limit !== undefined && !isLower(limit, it, supply);
  const worthy = others.filter((it) => it.origin.kind === 'evse' || (!isMaximum(it, supply) && !follows(it)));
  const ordered = worthy.toSorted((a, b) => Number(a.origin.kind === 'evse') - Number(b.origin.kind === 'evse') || watts(a) - watts(b));
  return ordered.flatMap((it) => causesOf(it, known));
}

function causesOf(it: LimitNow & Pick<LimitSource, 'origin'>, known: SessionKnowledge): readonly Cause[] {
  const { name, kind } = it.origin;
  const evidence = [limitEvidence(it)];
  switch (kind) {
    case 'operator':
      return [{ code: 'operator-limit', name, evidence, change: 'clear-operator-limit' }];
    case 'party':
      return [{ code: 'party-profile', name, evidence, change: it.until === undefined ? 'party-changes' : 'wait-until' }];
    case 'plan':
      return [{ code: 'price-plan', name: known.planned ?? name, evidence, change: it.until === undefined ? 'driver-preferences' : 'plan-changes' }];
    case 'site':
      return siteCauses(it, known.site);
    case 'evse':
      return [{ code: 'evse-maximum', name, evidence: [{ ...limitEvidence(it), what: 'maximum' }], change: 'another-evse' }];
    case 'station':
      return [{ code: 'station-limit', name, evidence, change: 'check-station' }];
    case 'cpo':
      return [{ code: 'cpo-limit', name, evidence, change: 'ask-cpo' }];
    case 'csms':
      return [{ code: 'csms-profile', name, evidence, change: it.until === undefined ? 'csms-changes' : 'wait-until' }];
    default:
      return kind satisfies never;
  }
}

const limitEvidence = ({ limit, unit, until }: LimitNow): Evidence => ({ what: 'limit', value: limit, unit, ...(until !== undefined && { until }) });

/** Most other EVSEs that are named as those that take the rest. */
const MOST_NAMED = 5;

function siteCauses(it: LimitNow, site: SiteShare | undefined): readonly Cause[] {
  const share = limitEvidence(it);
  const node = site?.node;
  if (!site || !node)
    return [{ code: 'site-share', name: site?.path ?? '', evidence: [share], change: site?.unusedAbove === undefined ? 'nothing' : 'car-decides' }];
  const { path: name, others } = node;
  const taken = others.slice(0, MOST_NAMED).map(({ evse, current }): Evidence => ({ what: 'other-evse', name: evse, value: current, unit: 'A' }));
  const change = others.length > 0 ? 'others-leave' : 'raise-node';
  const shared: Cause = { code: 'site-share', name, evidence: [share, ...nodeEvidence(node), ...taken], change };
  const waits: Cause = { code: 'site-waits', name, evidence: [{ what: 'minimum', value: site.minimum, unit: 'A' }, ...shared.evidence.slice(1)], change };
  const why = [...imposedCauses(node), ...buildingCauses(node)];
  return site.waits ? [waits, ...why] : [...why.filter(isSudden), shared, ...why.filter((cause) => !isSudden(cause))];
}
/** Limits that somebody or something has set below the node's own come before the share of it. */
const isSudden = ({ code }: Cause) => code !== 'building-load';

function nodeEvidence({ limit: { a, w }, until }: BindingNode): readonly Evidence[] {
  const ends = until === undefined ? {} : { until };
  return [
    ...(a === undefined ? [] : [{ what: 'node-limit', value: a, unit: 'A', ...ends } as const]),
    ...(w === undefined ? [] : [{ what: 'node-limit', value: w, unit: 'W', ...ends } as const]),
  ];
}

function imposedCauses({ path: name, imposed }: BindingNode): readonly Cause[] {
  if (!imposed) return [];
  const { a, w, until, fallback } = imposed;
  const ends = until === undefined ? {} : { until };
  const evidence: Evidence[] = [];
  if (a !== undefined) evidence.push({ what: 'imposed', value: a, unit: 'A', ...ends });
  if (w !== undefined) evidence.push({ what: 'imposed', value: w, unit: 'W', ...ends });
  if (fallback) return [{ code: 'imposed-fallback', name, evidence, change: 'renew-imposed' }];
  return [{ code: 'imposed-limit', name, evidence, change: 'lift-imposed' }];
}

function buildingCauses(node: BindingNode): readonly Cause[] {
  const { path: name, meterFallback, building = 0 } = node;
  const evidence = nodeEvidence(node);
  if (meterFallback) return [{ code: 'building-fallback', name, evidence, change: 'building-meter-back' }];
  if (building <= 0) return [];
  return [{ code: 'building-load', name, evidence: [{ what: 'building', value: building, unit: 'A' }, ...evidence], change: 'building-takes-less' }];
}
