import type { EpochMillis } from '../units.ts';
import { type Alarm, type FoundAlarm, isWorse } from './alarm.ts';

/** Alarms that are kept at most: beyond it no new one is raised, so that no flood of faults fills memory and store. */
export const MOST_ALARMS = 1_000;

/** The alarms after a look, and what changed. */
export interface Followed {
  next: ReadonlyMap<string, Alarm>;
  raised: readonly Alarm[];
  /** Worse than listeners were told, or less urgent. */
  changed: readonly Alarm[];
  solved: readonly Alarm[];
}

/** A look at the facts. `mayLast`: the facts do not show yet, or do not show all, whether this alarm is solved, so it stays. */
export interface Look {
  found: readonly FoundAlarm[];
  now: EpochMillis;
  mayLast(alarm: Alarm): boolean;
}

/** Compares the known alarms with what a look found: what is new, what is worse, and what is solved. */
export function followAlarms(known: ReadonlyMap<string, Alarm>, { found, now, mayLast }: Look): Followed {
  const next = new Map<string, Alarm>();
  for (const alarm of known.values()) if (alarm.raised && mayLast(alarm)) next.set(alarm.key, alarm);
  const [raised, changed]: [Alarm[], Alarm[]] = [[], []];
  for (const it of found) {
    const before = known.get(it.key);
    if (!before && next.size >= MOST_ALARMS) continue;
    const alarm = before ? goOn(before, it, now) : begin(it, now);
    next.set(it.key, alarm);
    if (alarm.raised && !before?.raised) raised.push(alarm);
    else if (alarm.raised && before && alarm.told !== before.told) changed.push(alarm);
  }
  return { next, raised, changed, solved: [...known.values()].filter(({ key, raised }) => raised && !next.has(key)) };
}

const begin = (found: FoundAlarm, now: EpochMillis): Alarm => ({
  ...found,
  firstSeen: found.seen?.first ?? now,
  lastSeen: found.seen?.last ?? now,
  raised: found.afterMs === 0,
  told: found,
});

/** An acknowledgement ends when the alarm gets worse. */
function goOn({ acknowledged, ...before }: Alarm, found: FoundAlarm, now: EpochMillis): Alarm {
  const isNews = isWorse(found, before.told) || found.severity !== before.told.severity;
  return {
    ...found,
    firstSeen: before.firstSeen,
    lastSeen: found.seen?.last ?? now,
    raised: before.raised || now - before.firstSeen >= found.afterMs,
    told: isNews ? { severity: found.severity, weight: found.weight } : before.told,
    ...(acknowledged && !isWorse(found, acknowledged) && { acknowledged }),
  };
}
