import type { EpochMillis } from '../units.ts';
import type { Alarm } from './alarm.ts';
import type { AlarmFacts } from './facts.ts';

/** After a start, charge points connect, and meters send, within this time: alarms about them from before the start stay until then. */
const SETTLE_MS = 60_000;
/** Kinds that come from the memory of the node, which is empty after a start. */
const FROM_MEMORY: ReadonlySet<Alarm['kind']> = new Set([
  'station-away',
  'site-above-limit',
  'meter-silent',
  'node-not-ready',
  'csms-away',
  'kept-messages-full',
]);
const OF_SESSIONS: ReadonlySet<Alarm['kind']> = new Set(['session-above-limit', 'session-deviates', 'limit-unknown']);

/** What is known about a look at the facts. */
export interface Looked {
  facts: Pick<AlarmFacts, 'now' | 'sessions' | 'unknownLimits'>;
  startedAt: EpochMillis;
  /** Rows that one look reads at most. */
  most: number;
}

/** Whether an alarm that a look did not find may last all the same: facts that are not known yet, or of which only a part was read, solve nothing. */
export function mayLast({ kind, lastSeen }: Pick<Alarm, 'kind' | 'lastSeen'>, { facts, startedAt, most }: Looked): boolean {
  if (FROM_MEMORY.has(kind)) return lastSeen < startedAt && facts.now - startedAt < SETTLE_MS;
  return OF_SESSIONS.has(kind) && Math.max(facts.sessions.length, facts.unknownLimits.length) >= most;
}
