import { printMomentMillis } from '../moment.ts';
import type { EpochMillis } from '../units.ts';
import type { Alarm } from './alarm.ts';

/** What happened to an alarm. */
export type AlarmChange = 'raised' | 'changed' | 'solved';

const TITLES: Readonly<Record<Alarm['kind'], string>> = {
  'node-not-ready': 'node is not ready',
  'site-above-limit': 'site is above its limit',
  'session-above-limit': 'car draws more than its limit',
  'session-deviates': 'charge point deviates from its limit',
  'limit-unknown': 'limit is not known',
  'station-away': 'charge point is away',
  'station-refuses-limits': 'charge point refuses limits',
  'csms-away': 'CSMS is away',
  'kept-messages-full': 'messages for a CSMS fill their places',
  'meter-silent': 'meter is silent',
  'results-undelivered': 'results are not delivered',
  'peer-failing': 'peer does not answer',
  security: 'security event',
  'token-held': 'token waits for approval',
  'role-held': 'role waits for approval',
  'right-expires': 'right ends soon',
  'background-error': 'error of background work',
};

/** Characters of a line at most; texts of partners may be long. */
const MOST_CHARACTERS = 500;

/** One line without control characters: it may become the head of an e-mail. */
const line = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').slice(0, MOST_CHARACTERS);

/** The alarm as an e-mail in plain text. `node`: the URL of the operator's page or API. */
export function writeMessage(alarm: Alarm, { change, node, at }: { change: AlarmChange; node: string; at: EpochMillis }): { subject: string; text: string } {
  const { kind, severity, subjects, firstSeen, says, count, mend, key } = alarm;
  const about = subjects.session ?? subjects.station ?? subjects.site ?? subjects.contract ?? subjects.peer ?? subjects.party;
  const command = mend.find((it) => it.command !== undefined)?.command;
  const state = change === 'solved' ? 'solved' : severity;
  return {
    subject: line(`[Evenkeel ${state}] ${about === undefined ? '' : `${about}: `}${TITLES[kind]}`),
    text: [
      line(says),
      '',
      ...Object.entries(subjects).map(([name, id]) => line(`${name}: ${id}`)),
      `first seen: ${printMomentMillis(firstSeen)}`,
      ...(count > 1 ? [`count: ${count}`] : []),
      ...(change === 'solved' ? [`solved: ${printMomentMillis(at)}`] : []),
      ...(change !== 'solved' && command !== undefined ? ['', `To mend it: ${command}`] : []),
      ...(change !== 'solved' ? [`To acknowledge it: evenkeel alarms ack '${line(key)}'`] : []),
      '',
      node,
      '',
    ].join('\n'),
  };
}
