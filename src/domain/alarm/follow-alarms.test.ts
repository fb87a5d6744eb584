import { describe, expect, test } from 'vitest';
import { stationId } from '../ids.ts';
import { epochMillis } from '../units.ts';
import type { Acknowledgement, Alarm, FoundAlarm } from './alarm.ts';
import { noFacts } from './facts.ts';
import { findAlarms } from './find-alarms.ts';
import { followAlarms, MOST_ALARMS } from './follow-alarms.ts';
import { writeMessage } from './write-message.ts';

const T = epochMillis(Date.UTC(2026, 0, 31, 9));
const at = (seconds: number) => epochMillis(T + seconds * 1_000);
const refusing = (count: number, station = 'CP-1'): FoundAlarm => {
  const stations = [{ station: stationId(station), state: 'refuses-limits' as const, refused: { count, answer: 'REJECTED' } }];
  const [found] = findAlarms({ ...noFacts(T), stations });
  if (!found) throw new Error('no alarm');
  return found;
};
const away = (): FoundAlarm[] => [...findAlarms({ ...noFacts(T), stations: [{ station: stationId('CP-1'), state: 'away' }] })];

/** Looks one after another: what each found, and what it changed. */
function follow(looks: readonly { found: readonly FoundAlarm[]; at: number; mayLast?: boolean; acknowledge?: boolean }[]) {
  let known: ReadonlyMap<string, Alarm> = new Map();
  return looks.map(({ found, at: seconds, mayLast = false, acknowledge = false }) => {
    if (acknowledge) known = new Map([...known].map(([key, it]) => [key, { ...it, acknowledged: acknowledgementOf(it, seconds) }]));
    const { next, raised, changed, solved } = followAlarms(known, { found, now: at(seconds), mayLast: () => mayLast });
    known = next;
    const keys = (alarms: readonly Alarm[]) => alarms.map(({ key }) => key);
    return { raised: keys(raised), changed: keys(changed), solved: keys(solved), acknowledged: [...next.values()].filter((it) => it.acknowledged).length };
  });
}
const acknowledgementOf = ({ severity, weight }: Alarm, seconds: number): Acknowledgement => ({ at: at(seconds), by: { kind: 'key' }, severity, weight });
const key = 'station-refuses-limits:CP-1';

describe('the history of alarms', () => {
  test('CON-B02: an alarm is raised once, goes on, and is solved when it is found no more', () => {
    expect(
      follow([
        { found: [refusing(2)], at: 0 },
        { found: [refusing(3)], at: 5 },
        { found: [], at: 10 },
      ]),
    ).toEqual([
      { raised: [key], changed: [], solved: [], acknowledged: 0 },
      { raised: [], changed: [], solved: [], acknowledged: 0 },
      { raised: [], changed: [], solved: [key], acknowledged: 0 },
    ]);
  });

  test('CON-B02: what must last is raised only then, and an absence that is shorter is never shown', () => {
    expect(
      follow([
        { found: away(), at: 0 },
        { found: away(), at: 59 },
        { found: away(), at: 60 },
      ]).map(({ raised }) => raised),
    ).toEqual([[], [], ['station-away:CP-1']]);
    const short = follow([
      { found: away(), at: 0 },
      { found: [], at: 30 },
      { found: away(), at: 61 },
    ]);
    expect(short.flatMap(({ raised, solved }) => [...raised, ...solved])).toEqual([]);
  });

  test('CON-B02: an acknowledgement holds until the alarm is twice as bad, more urgent, or comes back', () => {
    const looks = [
      { found: [refusing(2)], at: 0 },
      { found: [refusing(3)], at: 5, acknowledge: true },
      { found: [refusing(4)], at: 10 },
    ];
    expect(follow(looks).map(({ changed, acknowledged }) => [changed.length, acknowledged])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
    ]);
    const urgent: FoundAlarm = { ...refusing(2), severity: 'critical' };
    expect(follow([...looks.slice(0, 2), { found: [urgent], at: 10 }]).at(-1)).toMatchObject({ changed: [key], acknowledged: 0 });
    expect(follow([...looks.slice(0, 2), { found: [], at: 10 }, { found: [refusing(2)], at: 15 }]).at(-1)).toMatchObject({ raised: [key], acknowledged: 0 });
  });

  test('CON-B02: an alarm that becomes less urgent is a change, and keeps its acknowledgement', () => {
    const info: FoundAlarm = { ...refusing(2), severity: 'info' };
    expect(
      follow([
        { found: [refusing(2)], at: 0 },
        { found: [info], at: 5, acknowledge: true },
      ]).at(-1),
    ).toMatchObject({ changed: [key], acknowledged: 1 });
  });

  test('CON-B02: facts that are not known yet solve nothing', () => {
    const looks = follow([
      { found: [refusing(2)], at: 0 },
      { found: [], at: 5, mayLast: true },
      { found: [], at: 65 },
    ]);
    expect(looks.map(({ solved }) => solved)).toEqual([[], [], [key]]);
  });

  test('CON-B02: a flood of faults is bounded', () => {
    const flood = Array.from({ length: MOST_ALARMS + 5 }, (_, n) => refusing(2, `CP-${n}`));
    expect(follow([{ found: flood, at: 0 }])[0]?.raised).toHaveLength(MOST_ALARMS);
  });
});

describe('an alarm as an e-mail', () => {
  test('CON-B04: subject and text say what happened, since when, and how to mend it, on lines without control characters', () => {
    const followed = followAlarms(new Map(), { found: [{ ...refusing(2), says: 'CP-1 refused\r\nBcc: all' }], now: T, mayLast: () => false });
    const [alarm] = followed.raised;
    if (!alarm) throw new Error('no alarm');
    const message = writeMessage(alarm, { change: 'raised', node: 'https://node.example', at: at(1) });
    expect(message).toEqual({
      subject: '[Evenkeel warning] CP-1: charge point refuses limits',
      text: [
        'CP-1 refused Bcc: all',
        '',
        'station: CP-1',
        'first seen: 2026-01-31T09:00:00.000Z',
        'count: 2',
        '',
        'To mend it: evenkeel exchanges --station CP-1',
        "To acknowledge it: evenkeel alarms ack 'station-refuses-limits:CP-1'",
        '',
        'https://node.example',
        '',
      ].join('\n'),
    });
    expect(writeMessage(alarm, { change: 'solved', node: 'https://node.example', at: at(60) })).toEqual({
      subject: '[Evenkeel solved] CP-1: charge point refuses limits',
      text: 'CP-1 refused Bcc: all\n\nstation: CP-1\nfirst seen: 2026-01-31T09:00:00.000Z\ncount: 2\nsolved: 2026-01-31T09:01:00.000Z\n\nhttps://node.example\n',
    });
  });
});
