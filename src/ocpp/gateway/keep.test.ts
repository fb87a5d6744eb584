import { describe, expect, test } from 'vitest';
import { openKeep, recordingCsms } from './keep.fixture.ts';
import type { SendOnAnswer } from './kept-message.ts';
import { type Fate, KeptDisk } from './kept-store.fixture.ts';

const DAY = 86_400_000;

const meter = (n: number, transactionId?: number) => ({ connectorId: 1, ...(transactionId !== undefined && { transactionId }), meterValue: [n] });
const start = (idTag = 'GOOD', meterStart = 0) => ({ connectorId: 1, idTag, meterStart, timestamp: 't' });
const idOf = (answer: unknown): number => Number(Object(answer).transactionId);

describe('GW-K05: messages of a station are kept while its CSMS is away, and sent on in order', () => {
  test('a transaction in OCPP 1.6 has a provisional id at the station and the id of the CSMS at the CSMS', async () => {
    const { keep, take, clock, counts } = await openKeep();
    const provisional = idOf(await take('StartTransaction', start()));
    expect(provisional).toBeGreaterThanOrEqual(2 ** 30);
    await take('MeterValues', meter(1, provisional));
    expect(await take('StopTransaction', { transactionId: provisional, meterStop: 1 })).toEqual({});
    const { got, sendOn } = recordingCsms();
    keep.csmsIsBack(sendOn);
    await clock.advance(0);
    expect(got).toEqual([
      `StartTransaction ${JSON.stringify(start())}`,
      `MeterValues ${JSON.stringify(meter(1, 1))}`,
      `StopTransaction ${JSON.stringify({ transactionId: 1, meterStop: 1 })}`,
    ]);
    expect([keep.waiting, counts]).toEqual([0, { kept: 3, 'sent-on': 3 }]);
    expect(keep.toStation('[2,"x","RemoteStopTransaction",{"transactionId":1}]')).toContain(String(provisional));
    expect(await take('MeterValues', meter(2, provisional))).toBe(`pass ${JSON.stringify([2, 'm4', 'MeterValues', meter(2, 1)])}`);
  });

  test('while messages wait, later ones of kinds that are kept wait too, and questions pass', async () => {
    const { keep, take, clock } = await openKeep();
    await take('MeterValues', meter(1));
    const { promise, resolve } = Promise.withResolvers<SendOnAnswer>();
    const { got, sendOn } = recordingCsms((_, { meterValue }) => (String(meterValue) === '1' ? promise : undefined));
    keep.csmsIsBack(sendOn);
    await clock.advance(0);
    expect(await take('MeterValues', meter(2))).toEqual({});
    expect(await take('StatusNotification', { connectorId: 1 })).toEqual({});
    expect(await take('Authorize', { idTag: 'GOOD' })).toContain('pass');
    expect(await take('FutureMessage', {})).toContain('pass');
    resolve({ is: 'result', payload: {} });
    await clock.advance(0);
    expect(got.map((it) => it.split(' ')[0])).toEqual(['MeterValues', 'MeterValues', 'StatusNotification']);
    expect(await take('MeterValues', meter(3))).toContain('pass');
  });

  test('of statuses of one connector the newest is kept, behind what came before it', async () => {
    const { keep, take, clock } = await openKeep();
    for (const status of ['Preparing', 'Charging']) await take('StatusNotification', { connectorId: 1, status });
    await take('MeterValues', meter(1));
    await take('StatusNotification', { connectorId: 1, status: 'Finishing' });
    await take('StatusNotification', { connectorId: 2, status: 'Available' });
    const { got, sendOn } = recordingCsms();
    expect(keep.waiting).toBe(3);
    keep.csmsIsBack(sendOn);
    await clock.advance(0);
    expect(got.map((it) => it.match(/MeterValues|Finishing|Available|Charging|Preparing/)?.[0])).toEqual(['MeterValues', 'Finishing', 'Available']);
  });

  test('a repeated message is kept once and gets the same answer', async () => {
    const { take, disk } = await openKeep();
    const first = await take('StartTransaction', start());
    expect(await take('StartTransaction', start())).toEqual(first);
    expect(disk.rows).toHaveLength(1);
  });

  test('a refused token is answered as the node decides, and the start is kept', async () => {
    const { take, disk } = await openKeep();
    expect(await take('StartTransaction', start('BAD'))).toMatchObject({ idTagInfo: { status: 'Invalid' } });
    expect(await take('Authorize', { idTag: 'BAD' })).toEqual({ idTagInfo: { status: 'Invalid' } });
    expect(disk.rows).toHaveLength(1);
  });

  test('a start that the CSMS refuses afterwards is reported', async () => {
    const { keep, take, clock, logged } = await openKeep();
    await take('StartTransaction', start());
    keep.csmsIsBack(recordingCsms(() => ({ is: 'result', payload: { transactionId: 9, idTagInfo: { status: 'Blocked' } } })).sendOn);
    await clock.advance(0);
    expect(logged).toEqual(['kept-start-refused Blocked']);
  });
});

describe('GW-K06: a kept BootNotification is sent on first', () => {
  test('nothing else is sent on until the CSMS accepts the station; it is asked again at its interval', async () => {
    const { keep, take, clock } = await openKeep();
    await take('MeterValues', meter(1));
    expect(await take('BootNotification', { chargePointModel: 'M' })).toMatchObject({ status: 'Accepted', interval: 300 });
    const answers = ['Pending', 'Rejected', 'Accepted'];
    const { got, sendOn } = recordingCsms((action) =>
      action === 'BootNotification' ? { is: 'result', payload: { status: answers.shift(), interval: 20 } } : undefined,
    );
    keep.csmsIsBack(sendOn);
    await clock.advance(19_000);
    expect(got).toHaveLength(1);
    expect(await take('Authorize', { idTag: 'GOOD' })).toEqual({ idTagInfo: { status: 'Accepted' } });
    await clock.advance(20_000);
    expect(got).toHaveLength(2);
    await clock.advance(20_000);
    expect(got.map((it) => it.split(' ')[0])).toEqual(['BootNotification', 'BootNotification', 'BootNotification', 'MeterValues']);
    expect(await take('Authorize', { idTag: 'GOOD' })).toContain('pass');
  });

  test('a new BootNotification replaces the kept one and is sent at once', async () => {
    const { keep, take, clock } = await openKeep();
    await take('BootNotification', { chargePointModel: 'old' });
    const { got, sendOn } = recordingCsms((_, { chargePointModel }) => ({
      is: 'result',
      payload: { status: chargePointModel === 'new' ? 'Accepted' : 'Rejected', interval: 10_000 },
    }));
    keep.csmsIsBack(sendOn);
    await clock.advance(0);
    await take('BootNotification', { chargePointModel: 'new' });
    await clock.advance(0);
    expect([got.length, keep.waiting]).toEqual([2, 0]);
  });
});

describe('GW-K07: what the CSMS refuses', () => {
  test('a transaction message is repeated 3 times, each time later, then dropped; the others follow', async () => {
    const { keep, take, clock, counts, logged } = await openKeep();
    const provisional = idOf(await take('StartTransaction', start()));
    await take('StopTransaction', { transactionId: provisional });
    const { got, sendOn } = recordingCsms((action) => (action === 'StartTransaction' ? { is: 'error', code: 'InternalError', description: 'no' } : undefined));
    keep.csmsIsBack(sendOn);
    await clock.advance(0);
    for (const [wait, sent] of [
      [60, 2],
      [120, 3],
      [180, 5],
    ] as const) {
      await clock.advance(wait * 1000 - 1);
      expect(got).toHaveLength(sent - (sent === 5 ? 2 : 1));
      await clock.advance(1);
      expect(got).toHaveLength(sent);
    }
    expect(got[4]).toBe('StopTransaction {"transactionId":-1}');
    expect(counts).toMatchObject({ 'dropped-refused': 1, 'sent-on': 1 });
    expect(logged).toEqual(['kept-message-dropped InternalError no']);
  });

  test('another message is dropped at once, as no station repeats it', async () => {
    const { keep, take, clock, counts } = await openKeep();
    await take('StatusNotification', { connectorId: 1 });
    const { got, sendOn } = recordingCsms(() => ({ is: 'error', code: 'NotImplemented', description: '' }));
    keep.csmsIsBack(sendOn);
    await clock.advance(0);
    expect([got.length, keep.waiting, counts['dropped-refused']]).toEqual([1, 0, 1]);
  });
});

describe('GW-K08: policy for kept messages', () => {
  test('the last tenth of the places is for starts and ends; what has no place is refused and not promised', async () => {
    const { take, counts, disk } = await openKeep({ messages: 10 });
    for (let n = 0; n < 9; n += 1) expect(await take('MeterValues', meter(n))).toEqual({});
    expect(await take('MeterValues', meter(9))).toBe('InternalError');
    expect(idOf(await take('StartTransaction', start()))).toBeGreaterThan(0);
    expect(await take('StartTransaction', start('GOOD', 1))).toBe('InternalError');
    expect([disk.rows.length, counts['refused-full']]).toEqual([10, 2]);
  });

  test('too old messages make place, and are not sent on', async () => {
    const { keep, take, clock, counts } = await openKeep({ messages: 10 });
    for (let n = 0; n < 9; n += 1) await take('MeterValues', meter(n));
    await clock.advance(7 * DAY + 1);
    expect(await take('MeterValues', meter(9))).toEqual({});
    expect([keep.waiting, counts['dropped-old']]).toEqual([1, 9]);
    await clock.advance(7 * DAY + 1);
    const { got, sendOn } = recordingCsms();
    keep.csmsIsBack(sendOn);
    await clock.advance(0);
    expect([got, keep.waiting, counts['dropped-old']]).toEqual([[], 0, 10]);
  });

  test('a store that fails: the station gets a CALLERROR', async () => {
    let fate: Fate = 'fine';
    const { take, counts, disk } = await openKeep({ fate: () => fate });
    fate = 'before';
    expect(await take('StartTransaction', start())).toBe('InternalError');
    expect([disk.rows.length, counts['refused-store']]).toEqual([0, 1]);
  });

  test('a message that was sent on is not sent again because the store could not remove it', async () => {
    let fate: Fate = 'fine';
    const { keep, take, clock } = await openKeep({ fate: () => fate });
    await take('MeterValues', meter(1));
    const { got, sendOn } = recordingCsms(() => {
      fate = 'before';
      return undefined;
    });
    keep.csmsIsBack(sendOn);
    await clock.advance(60_000);
    fate = 'fine';
    await clock.advance(5_000);
    expect([got.length, keep.waiting]).toEqual([1, 0]);
  });
});

describe('GW-K09: ids of the CSMS that meet provisional ones', () => {
  test('a live id that equals a provisional one gets a provisional id of its own', async () => {
    const { keep, take, clock } = await openKeep();
    const provisional = idOf(await take('StartTransaction', start()));
    const { sendOn } = recordingCsms();
    keep.csmsIsBack(sendOn);
    await clock.advance(0);
    const payload = { transactionId: provisional, idTagInfo: { status: 'Accepted' } };
    const text = await keep.answered({ action: 'StartTransaction', payload: start() }, { payload, text: JSON.stringify([3, 'x', payload]) });
    const other = idOf(JSON.parse(text)[2]);
    expect([other >= 2 ** 30, other === provisional]).toEqual([true, false]);
    expect(await take('StopTransaction', { transactionId: other })).toContain(`"transactionId":${provisional}}`);
    expect(await take('StopTransaction', { transactionId: provisional })).toContain('"transactionId":1}');
    expect(keep.toStation(`[2,"x","RemoteStopTransaction",{"transactionId":${provisional}}]`)).toContain(String(other));
  });

  test('a CSMS that gives the id of an ended transaction again means the new one', async () => {
    const disk = new KeptDisk();
    const { keep, take, clock } = await openKeep({ disk });
    const ended = idOf(await take('StartTransaction', start()));
    await take('StopTransaction', { transactionId: ended });
    keep.csmsIsBack(recordingCsms().sendOn);
    await clock.advance(0);
    const payload = { transactionId: 1, idTagInfo: { status: 'Accepted' } };
    const text = await keep.answered({ action: 'StartTransaction', payload: start() }, { payload, text: JSON.stringify([3, 'x', payload]) });
    const running = idOf(JSON.parse(text)[2]);
    expect(running).not.toBe(ended);
    const again = await openKeep({ disk, clock });
    for (const it of [keep, again.keep]) expect(it.toStation('[2,"x","RemoteStopTransaction",{"transactionId":1}]')).toContain(String(running));
  });

  test('ids stay known 7 days after the end, also over a restart', async () => {
    const disk = new KeptDisk();
    const { keep, take, clock } = await openKeep({ disk });
    const provisional = idOf(await take('StartTransaction', start()));
    keep.csmsIsBack(recordingCsms().sendOn);
    await clock.advance(0);
    await keep.answered({ action: 'StopTransaction', payload: { transactionId: provisional } }, { payload: {}, text: '' });
    await keep.close();
    const again = await openKeep({ disk, clock });
    expect(again.keep.toStation('[2,"x","RemoteStopTransaction",{"transactionId":1}]')).toContain(String(provisional));
    await clock.advance(7 * DAY + 1);
    await again.take('Heartbeat', {});
    await again.take('MeterValues', meter(1));
    expect(again.keep.toStation('[2,"x","RemoteStopTransaction",{"transactionId":1}]')).not.toContain(String(provisional));
  });
});

test('GW-K05: a message that its station repeats gets the same answer and is kept once, also after it was sent on, and after the node was killed', async () => {
  const disk = new KeptDisk();
  const { keep, take, clock } = await openKeep({ disk });
  const start = { connectorId: 1, idTag: 'GOOD', meterStart: 1, timestamp: '2026-03-10T07:30:00Z' };
  const first = await take('StartTransaction', start);
  const again = await openKeep({ disk, clock });
  expect(await again.take('StartTransaction', start)).toEqual(first);
  expect(disk.rows).toHaveLength(1);
  keep.csmsIsBack(recordingCsms().sendOn);
  await clock.advance(0);
  expect(disk.rows).toEqual([]);
  expect(await take('StartTransaction', start)).toEqual(first);
  expect(disk.rows).toEqual([]);
});

test('GW-K08: when the tokens of the node cannot be read, a start gets a CALLERROR, the first time and when it is repeated', async () => {
  let decides = false;
  const { take, disk } = await openKeep({ decides: () => decides });
  const start = { connectorId: 1, idTag: 'GOOD', meterStart: 1, timestamp: '2026-03-10T07:30:00Z' };
  expect(await take('StartTransaction', start)).toBe('InternalError');
  expect(disk.rows).toEqual([]);
  decides = true;
  expect(await take('StartTransaction', start)).toMatchObject({ idTagInfo: { status: 'Accepted' } });
  decides = false;
  expect(await take('StartTransaction', start)).toBe('InternalError');
  expect(disk.rows).toHaveLength(1);
});

test('GW-K05: nothing need be handed over while the CSMS is there, nothing waits, and the station has gone on to another message', async () => {
  const { keep, take, clock } = await openKeep({ version: '2.0.1' });
  expect(keep.isIdle).toBe(false);
  await take('TransactionEvent', { eventType: 'Started' });
  keep.csmsIsBack(recordingCsms().sendOn);
  expect(keep.isIdle).toBe(false);
  await clock.advance(0);
  expect(keep.isIdle).toBe(false);
  expect(await take('TransactionEvent', { eventType: 'Updated' })).toMatch(/^pass/);
  expect(keep.isIdle).toBe(true);
  keep.csmsIsAway();
  expect(keep.isIdle).toBe(false);
});
