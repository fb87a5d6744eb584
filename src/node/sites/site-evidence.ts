import { fold } from '../../domain/ids.ts';
import { addSiteEvidence, type EvidenceBody } from '../../store/sql/evidence.ts';
import type { Site } from '../config/read-sites.ts';
import type { Context } from '../core/context.ts';
import type { Step } from '../core/journal.ts';

/** Keeps as evidence which limits were imposed on sites, which limits the node ordered, what buildings took, and what the charge points answered. */
export function keepSiteEvidence({ journal, store, clock, work }: Context, sites: readonly Site[]): void {
  if (sites.length === 0) return;
  const siteOf = new Map(sites.flatMap(({ tree }) => tree.evses.map(({ uid }) => [fold(uid), fold(tree.name)] as const)));
  journal.onStep((step) => {
    const record = recordOf(step);
    const site = record && ('evse' in record ? siteOf.get(fold(record.evse)) : 'site' in step ? fold(step.site) : undefined);
    if (record && site) work.start('evidence of a site', () => store.commit([addSiteEvidence(site, clock.now(), record)]));
  });
}

type SiteRecord = Extract<EvidenceBody, { kind: 'imposed' | 'ordered' | 'answered' | 'building' }>;

function recordOf(step: Step): SiteRecord | undefined {
  switch (step.step) {
    case 'site-limit-imposed':
      return { kind: 'imposed', node: step.node, ...step.limit };
    case 'site-building-load':
      return { kind: 'building', node: step.node, ...(step.load && { a: step.load.a, w: step.load.w }) };
    case 'site-limit-sent':
      return { kind: 'ordered', evse: step.evse, a: step.current };
    case 'site-limit-answered':
      return { kind: 'answered', evse: step.evse, a: step.current, answer: step.answer };
    default:
      return undefined;
  }
}
