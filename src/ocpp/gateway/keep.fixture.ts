import { expect } from 'vitest';
import { type VirtualClock, virtualClock } from '../../../sim/clock.ts';
import { stationId } from '../../domain/ids.ts';
import { epochMillis, seconds } from '../../domain/units.ts';
import type { OcppVersion } from '../station.ts';
import { Keep } from './keep.ts';
import type { KeptCount, SendOn, SendOnAnswer } from './kept-message.ts';
import { type Fate, fakeStore, KeptDisk } from './kept-store.fixture.ts';

/** The time at which each test begins. */
const NOW = epochMillis(Date.parse('2026-03-10T07:30:00Z'));

interface Setting {
  version?: OcppVersion;
  messages?: number;
  disk?: KeptDisk;
  fate?: () => Fate;
  clock?: VirtualClock;
  /** Whether the tokens of the node can be read. */
  decides?: () => boolean;
}

/** A `Keep` over a fake store, with what it counts and logs. */
export async function openKeep({
  version = '1.6',
  messages = 100,
  disk = new KeptDisk(),
  fate,
  clock = virtualClock(NOW),
  decides = () => true,
}: Setting = {}) {
  const counts: Partial<Record<KeptCount, number>> = {};
  const logged: string[] = [];
  const keep = await Keep.open({
    station: stationId('CP1'),
    version,
    policy: { messages, days: 7, heartbeat: seconds(300) },
    store: fakeStore(disk, fate),
    clock,
    decide: async ({ uid }) => {
      if (!decides()) throw new Error('the store does not answer');
      return { status: uid === 'BAD' ? 'Invalid' : 'Accepted' };
    },
    log: (_level, event, facts) => void logged.push(`${event} ${facts.because ?? facts.status}`),
    count: (what, by) => {
      counts[what] = (counts[what] ?? 0) + by;
    },
  });
  let sent = 0;
  /** Hands a CALL over; returns the payload of the answer, the code of the CALLERROR, or `pass` with the text. */
  const take = async (action: string, payload: object): Promise<unknown> => {
    sent += 1;
    const id = `m${sent}`;
    const taken = await keep.take({ id, action, payload, text: JSON.stringify([2, id, action, payload]) });
    if (taken.is === 'pass') return `pass ${taken.text}`;
    const [type, answered, ...parts] = JSON.parse(taken.text);
    expect(answered).toBe(id);
    return type === 3 ? parts[0] : parts[0];
  };
  return { keep, take, disk, clock, counts, logged };
}

/** A CSMS that records what it gets as `action payload`; `answer` decides, default: transaction ids from 1 on, boots accepted. */
export function recordingCsms(
  answer: (action: string, payload: Record<string, unknown>) => SendOnAnswer | Promise<SendOnAnswer> | undefined = () => undefined,
) {
  const got: string[] = [];
  let transactions = 0;
  const sendOn: SendOn = async (text, messageId) => {
    const [type, id, action, payload] = JSON.parse(text);
    expect([type, id]).toEqual([2, messageId]);
    got.push(`${action} ${JSON.stringify(payload)}`);
    const own = await answer(action, payload);
    if (own) return own;
    if (action === 'BootNotification') return { is: 'result', payload: { status: 'Accepted', interval: 60 } };
    if (action !== 'StartTransaction') return { is: 'result', payload: {} };
    transactions += 1;
    return { is: 'result', payload: { transactionId: transactions, idTagInfo: { status: 'Accepted' } } };
  };
  return { got, sendOn };
}
