import type { Amperes, EpochSeconds } from '../units.ts';
import { amperes } from '../units.ts';
import { applyEvents, type SiteState } from './balance.ts';
import type { SiteEvent } from './event.ts';
import { wattsPerAmpere } from './limit-tree.ts';

/** The share of one EVSE as it is, and as it would be. */
export interface ShareChange {
  evse: string;
  /** A on each phase. */
  from: Amperes;
  to: Amperes;
  /** W over all phases for each A. */
  wattsPerAmpere: number;
}

/**
 * What a site would do after events that have not happened: the shares of its EVSEs with a car, before and after, as the balance itself
 * decides them. The state stays as it is, and nothing is sent. A silent EVSE cannot change and keeps its share.
 */
export function previewSite(state: SiteState, events: readonly SiteEvent[], now: EpochSeconds): readonly ShareChange[] {
  const targetsAfter = (some: readonly SiteEvent[]) => applyEvents(state, [...some, { kind: 'tick' }], now).state.plan?.targets ?? [];
  const [before, after] = [targetsAfter([]), targetsAfter(events)];
  return state.tree.evses.flatMap((evse, n) => {
    const it = state.evses[n];
    if (!it || it.pluggedAt === undefined) return [];
    const from = before[n] ?? amperes(0);
    return [{ evse: evse.uid, from, to: it.silent ? from : (after[n] ?? amperes(0)), wattsPerAmpere: wattsPerAmpere(evse) }];
  });
}
