import { asPartyKey } from '../../src/domain/ids.ts';
import { compose } from '../../src/node/compose/compose.ts';
import { parseConfig } from '../../src/node/config/config-file.ts';
import { machineClock } from '../../src/node/core/machine-clock.ts';
import { openContext } from '../../src/node/core/open-context.ts';
import { forgetOld } from '../../src/node/upkeep/forget-old.ts';
import { haltParty } from '../../src/store/sql/halt.ts';
import { median } from '../benchmark.ts';
import { serveCalls } from '../child-program.ts';
import { cpoSettings, type NodeSetup } from './settings.ts';

const TIMES = 15;

/** Runs each job of a CPO on the store of a node that has stopped; returns the median time of each in ms, and of the last one the only time. */
async function timeJobs(setup: NodeSetup): Promise<Readonly<Record<string, number>>> {
  const config = parseConfig(cpoSettings(setup));
  if (!config.ok) throw new Error(JSON.stringify(config.problem));
  await using stack = new AsyncDisposableStack();
  const context = await openContext(config.value, { clock: machineClock, log: () => undefined, stack });
  const roles = compose(context);
  await roles.recover();
  const { jobWork: jobs } = roles;
  const never = { pause: async () => undefined, stopped: () => false };
  const repeated: Readonly<Record<string, () => Promise<unknown>>> = {
    'overdue exchanges': jobs.endOverdue,
    'halted parties': jobs.endHalted,
    rights: jobs.endExpiredRights,
    peers: jobs.findChangedPeers,
    load: jobs.sampleLoad,
    'session pushes': jobs.retryPushes,
    'active profiles': jobs.refreshActiveProfiles,
    'token pushes': jobs.pushTokens,
    'old data': () => forgetOld({ ...context, ...never }),
  };
  const times: Record<string, number> = {};
  for (const [name, job] of Object.entries(repeated)) times[name] = await medianTime(job);
  await context.store.commit([haltParty(asPartyKey('NL*MSP'), machineClock.now())]);
  times['halting the party that controls all sessions'] = await timeOf(jobs.endHalted);
  return times;
}

async function timeOf(job: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await job();
  return performance.now() - since;
}

async function medianTime(job: () => Promise<unknown>): Promise<number> {
  await job(); // The first run prepares the statements.
  const times: number[] = [];
  for (let n = 0; n < TIMES; n++) times.push(await timeOf(job));
  return median(times);
}

/** The jobs of a CPO without the node around them. */
export const handlers = { timeJobs };
serveCalls(handlers);
