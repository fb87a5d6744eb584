import type { FoundAlarm } from './alarm.ts';
import { draft, see } from './draft-alarm.ts';
import type { AlarmFacts } from './facts.ts';

/** A CSMS that restarts is back within this time. */
const CSMS_AWAY_AFTER_MS = 60_000;

/** A CSMS does not answer, so the node keeps messages for it or disconnects its charge points. */
export const csmsAway = ({ csms, stations }: AlarmFacts['csmsAway'][number]): FoundAlarm =>
  draft({
    kind: 'csms-away',
    about: csms,
    severity: 'warning',
    says: `The CSMS at ${csms} is away for ${stations === 1 ? 'one charge point' : `${stations} charge points`}.`,
    values: { csms, stations },
    weight: stations,
    afterMs: CSMS_AWAY_AFTER_MS,
    mend: [see('run-command', 'evenkeel stations')],
  });

/** The places for messages of a charge point are nearly used: the rest is for starts and ends of transactions. */
export const keptMessagesFull = ({ station, csms, kept, most }: AlarmFacts['keptFull'][number]): FoundAlarm =>
  draft({
    kind: 'kept-messages-full',
    about: station,
    severity: 'warning',
    says:
      kept >= most
        ? `${station} has ${kept} messages that wait for its CSMS, the most that are kept: no more are taken.`
        : `${station} has ${kept} of ${most} messages that wait for its CSMS: only starts and ends of transactions are taken now.`,
    subjects: { station },
    values: { csms, kept, most },
    weight: kept,
    mend: [see('see-station', 'evenkeel stations')],
  });
