import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../../sim/index.ts';
import { epochMillis } from '../../domain/units.ts';
import { createRunningWork, PEER_GRACE_MS } from './running-work.ts';

function open() {
  const clock = virtualClock(epochMillis(0));
  const bounds = virtualClock(epochMillis(0));
  const reports: string[] = [];
  const work = createRunningWork({ clock, bounds, reportError: (what, error) => reports.push(`${what}: ${error instanceof Error ? error.message : error}`) });
  return { clock, bounds, work, reports };
}
/** Work that ends when the test says so. */
function held() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { work: () => promise, end: resolve, fail: reject };
}
/** Whether a promise is settled after some turns of the event loop. */
async function isOver(promise: Promise<unknown>): Promise<boolean> {
  let over = false;
  promise.then(
    () => (over = true),
    () => (over = true),
  );
  for (let turn = 0; turn < 5; turn += 1) await new Promise((then) => setImmediate(then));
  return over;
}

describe('R-08: the register of what runs in a node', () => {
  test('reports the failure of work that nobody awaits under its name, also when it fails at once', async () => {
    const { work, reports } = open();
    work.start('first', async () => Promise.reject(new Error('broke')));
    work.start('second', () => {
      throw new Error('broke at once');
    });
    await work.drain(1_000);
    expect(reports.toSorted()).toEqual(['first: broke', 'second: broke at once']);
  });

  test('hands the result or the failure of awaited work to its caller', async () => {
    const { work, reports } = open();
    await expect(work.run('one', async () => 1)).resolves.toBe(1);
    await expect(work.run('two', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect([work.size().work, reports]).toEqual([0, []]);
  });

  test('at a stop waits for both kinds of work, and takes no more', async () => {
    const { work } = open();
    const [first, second] = [held(), held()];
    work.start('first', first.work);
    const awaited = work.run('second', second.work);
    const drained = work.drain(5_000);
    let started = false;
    work.start('third', async () => {
      started = true;
    });
    expect([started, await isOver(drained)]).toEqual([false, false]);
    first.end();
    expect(await isOver(drained)).toBe(false);
    second.end();
    await Promise.all([drained, awaited]);
  });

  test('waits for work that begins while it waits, by a caller that still runs', async () => {
    const { work } = open();
    const [first, second] = [held(), held()];
    const caller = work.run('first', first.work).then(() => work.run('second', second.work));
    const drained = work.drain(5_000);
    first.end();
    expect(await isOver(drained)).toBe(false);
    second.end();
    await Promise.all([drained, caller]);
  });

  test('ends all timers when the stop begins, and starts none afterwards', async () => {
    const { clock, work } = open();
    const fired: string[] = [];
    work.clock.after(10, () => fired.push('early'));
    await clock.advance(10);
    work.clock.after(10, () => fired.push('late'));
    work.beginStop();
    work.clock.after(10, () => fired.push('later'));
    await clock.advance(60_000);
    expect([fired, work.size().timers, work.stopping.aborted]).toEqual([['early'], 0, true]);
  });

  test('cuts requests to peers off after a grace, or when the time for running work is over', async () => {
    const one = open();
    one.work.beginStop();
    await one.clock.advance(PEER_GRACE_MS - 1);
    expect(one.work.cutOff.aborted).toBe(false);
    await one.clock.advance(1);
    expect(one.work.cutOff.aborted).toBe(true);

    const other = open();
    const { promise, resolve } = Promise.withResolvers<void>();
    other.work.cutOff.addEventListener('abort', () => resolve());
    other.work.start('a request', () => promise);
    const drained = other.work.drain(500);
    await other.bounds.advance(500);
    await drained;
    await other.work.end(500);
    expect([other.work.size().work, other.reports]).toEqual([0, []]);
  });

  test('names what does not end in time, and reports nothing of it afterwards', async () => {
    const { bounds, work, reports } = open();
    const stuck = held();
    work.start('a stuck one', stuck.work);
    const drained = work.drain(5_000);
    await bounds.advance(5_000);
    await drained;
    const ended = work.end(1_000);
    await bounds.advance(1_000);
    await ended;
    stuck.fail(new Error('the store is closed'));
    await new Promise((then) => setImmediate(then));
    expect(reports).toEqual(['stop: these did not end in time, and go on at the next start: a stuck one']);
  });
});
