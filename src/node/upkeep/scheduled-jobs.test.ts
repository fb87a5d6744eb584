import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../../sim/index.ts';
import { epochMillis } from '../../domain/units.ts';
import { parseConfig } from '../config/config-file.ts';
import { machineClock } from '../core/machine-clock.ts';
import { openContext } from '../core/open-context.ts';
import { createJobs, type JobWork } from './scheduled-jobs.ts';

const none = async () => undefined;
const nothing: JobWork = {
  retryPushes: none,
  refreshActiveProfiles: none,
  pullSessions: none,
  pullTokens: none,
  pushTokens: none,
  renewTokens: none,
  tellChanges: none,
  sampleLoad: none,
  sampleShadow: none,
  saveHeard: none,
  lookAtAlarms: none,
  endOverdue: none,
  endHalted: none,
  refreshCapabilities: none,
  endExpiredRights: none,
  findChangedPeers: none,
};

/** Jobs of which one runs until the test ends its run. */
async function openJobs() {
  const stack = new AsyncDisposableStack();
  const clock = virtualClock(epochMillis(machineClock.now()));
  const parsed = parseConfig(
    'public_url: http://127.0.0.1\ndatabase: ":memory:"\ninsecure_http: true\nparties: [{ role: CPO, country_code: NL, party_id: EVK, name: E }]',
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  const errors: string[] = [];
  const log = (level: string, event: string, facts: object) => void (level !== 'debug' && errors.push(`${event} ${JSON.stringify(facts)}`));
  const context = await openContext(parsed.value, { clock, log, stack });
  const runs: { end(): void; fail(error: Error): void }[] = [];
  const running = { now: 0, most: 0 };
  const endExpiredRights = async () => {
    running.now += 1;
    running.most = Math.max(running.most, running.now);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    runs.push({ end: resolve, fail: reject });
    await promise.finally(() => (running.now -= 1));
  };
  const jobs = createJobs(context, { ...nothing, endExpiredRights });
  const end = async () => {
    for (const run of runs) run.end();
    await stack.disposeAsync();
  };
  return { jobs, clock, runs, running, errors, [Symbol.asyncDispose]: end };
}

describe('R-08: runs of one job', () => {
  test('never overlap: triggers and periods during a run cause one more run after it', async () => {
    await using it = await openJobs();
    it.jobs.start();
    await it.clock.advance(5_000);
    expect(it.runs).toHaveLength(1);
    for (let n = 0; n < 5; n += 1) it.jobs.trigger('rights');
    await it.clock.advance(60_000);
    expect(it.runs).toHaveLength(1);
    it.runs[0]?.end();
    await it.clock.advance(0);
    expect([it.runs.length, it.running.most]).toEqual([2, 1]);
  });

  test('have their period from the end of one run to the begin of the next, also after a trigger', async () => {
    await using it = await openJobs();
    it.jobs.start();
    await it.clock.advance(4_000);
    it.jobs.trigger('rights');
    await it.clock.advance(2_000);
    it.runs[0]?.end();
    await it.clock.advance(4_999);
    expect(it.runs).toHaveLength(1);
    await it.clock.advance(1);
    expect(it.runs).toHaveLength(2);
  });

  test('go on after a failure, which is reported once for a row of failures', async () => {
    await using it = await openJobs();
    it.jobs.start();
    for (let n = 0; n < 3; n += 1) {
      await it.clock.advance(5_000);
      it.runs[n]?.fail(new Error('broke'));
    }
    await it.clock.advance(5_000);
    it.runs[3]?.end();
    await it.clock.advance(0);
    expect([it.runs.length, it.errors]).toEqual([
      4,
      ['failed {"what":"rights","error":"broke"}', expect.stringContaining('job-recovered {"step":"job-recovered","job":"rights","failures":3}')],
    ]);
  });
});
