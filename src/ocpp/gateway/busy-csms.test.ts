import { describe, expect, test } from 'vitest';
import { openKeep, recordingCsms } from './keep.fixture.ts';

const meter = (n: number) => ({ connectorId: 1, meterValue: [n] });

describe('GW-F01: a CSMS that has not looked at a kept message, because it is busy with another call', () => {
  const busy = { is: 'error', code: 'RpcFrameworkError', description: 'Call already in progress' } as const;

  test('gets it again soon, whatever its kind, before the ones behind it', async () => {
    const { keep, take, clock, counts } = await openKeep();
    await take('StatusNotification', { connectorId: 1 });
    await take('MeterValues', meter(1));
    let asked = 0;
    const { got, sendOn } = recordingCsms(() => {
      asked += 1;
      return asked < 4 ? busy : undefined;
    });
    keep.csmsIsBack(sendOn);
    await clock.advance(0);
    for (const [wait, sent] of [
      [1, 2],
      [2, 3],
      [3, 5],
    ] as const) {
      await clock.advance(wait * 1000 - 1);
      expect(got).toHaveLength(sent === 5 ? 3 : sent - 1);
      await clock.advance(1);
      expect(got).toHaveLength(sent);
    }
    expect(got.map((it) => it.split(' ')[0])).toEqual([...Array(4).fill('StatusNotification'), 'MeterValues']);
    expect([counts['sent-on'], counts['dropped-refused'], keep.waiting]).toEqual([2, undefined, 0]);
  });

  test('that stays busy has refused it: one of a transaction is repeated as usual, another one is dropped', async () => {
    const { keep, take, clock, counts } = await openKeep();
    await take('StatusNotification', { connectorId: 1 });
    await take('MeterValues', meter(1));
    const { got, sendOn } = recordingCsms(() => busy);
    keep.csmsIsBack(sendOn);
    await clock.advance(6_000);
    expect([got.length, counts['dropped-refused']]).toEqual([5, 1]);
    await clock.advance(6_000);
    expect(got).toHaveLength(8);
    await clock.advance(60_000);
    expect(got).toHaveLength(9);
    expect([keep.waiting, counts['dropped-refused']]).toEqual([1, 1]);
  });
});
