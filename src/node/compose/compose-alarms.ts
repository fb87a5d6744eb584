import type { Alarm } from '../../domain/alarm/alarm.ts';
import { peerId, stationId } from '../../domain/ids.ts';
import { Alarms } from '../alarms/alarms.ts';
import { readFacts } from '../alarms/read-facts.ts';
import { RecentFaults } from '../alarms/recent-faults.ts';
import type { Context } from '../core/context.ts';
import type { Step } from '../core/journal.ts';
import type { Cpo } from './compose-cpo.ts';

/** Steps after which an alarm may begin or end. They are rare: a step of each request or reading would cost a look each time. */
const TELLING: ReadonlySet<Step['step']> = new Set([
  'deviation',
  'metered-above-limit',
  'station-connected',
  'site-exceeded',
  'site-meter-silent',
  'site-meter-back',
  'security',
  'peer-registered',
  'peer-gone',
]);

/** A charge point did not take a limit. */
const isRefusal = (step: Step): boolean => (step.step === 'station-answered' || step.step === 'site-limit-answered') && !step.answer.startsWith('ACCEPTED');

/** The alarms, and how the node runs them. */
export interface ComposedAlarms {
  alarms: Alarms;
  look(): Promise<void>;
  /** Call it when all other parts have recovered. */
  recover(): Promise<void>;
}

/** Creates the alarms. `wake` starts a look soon; it is called after `recover` only. */
export function composeAlarms(context: Context, cpo: Cpo | undefined, wake: () => void): ComposedAlarms {
  let isRecovered = false;
  const changed = () => void (isRecovered && wake());
  const faults = new RecentFaults(context, changed);
  context.journal.onStep((step) => (TELLING.has(step.step) || isRefusal(step)) && changed());
  const alarms = new Alarms(context, { facts: () => readFacts(context, { cpo, faults }), resume: (alarm) => resume(alarm, { context, cpo, faults }) });
  return {
    alarms,
    look: () => alarms.look(),
    recover: async () => {
      await alarms.recover();
      isRecovered = true;
    },
  };
}

/** Counts of events are in memory: those of an earlier run go on where they were. */
function resume(
  { kind, subjects, values, count, firstSeen, lastSeen, says }: Alarm,
  to: { context: Context; cpo: Cpo | undefined; faults: RecentFaults },
): void {
  const row = { count, first: firstSeen, last: lastSeen };
  const because = String(values.because);
  if (kind === 'results-undelivered' && subjects.peer !== undefined) to.faults.resume({ peer: peerId(subjects.peer), because, ...row });
  if (kind === 'peer-failing' && subjects.peer !== undefined) to.context.contacts.resume({ peer: peerId(subjects.peer), because, ...row });
  if (kind === 'background-error') to.faults.resume({ what: String(values.what), says: String(values.says ?? says), ...row });
  if (kind === 'station-refuses-limits' && subjects.station !== undefined)
    to.cpo?.refusedLimits.resume(stationId(subjects.station), { count, first: firstSeen, answer: String(values.answer) });
}
