import { machineClock } from '../../node/core/machine-clock.ts';
import { carPark, openPlanner } from '../../solver/index.ts';
import { printJsonLine } from '../output.ts';
import { terminal } from '../terminal.ts';

const SIZES = [500, 2_000];
const PLANS = 10;

/** S6: how long a plan of one large site takes: the first one, and then every five minutes of the synthetic day. */
export async function printPlanTimes(json: boolean): Promise<void> {
  if (!json) terminal().stdout.write('| sessions | slots | first plan ms | warm p50 ms | warm max ms |\n|--:|--|--:|--:|--:|\n');
  for (const sessions of SIZES)
    for (const quarters of [false, true]) {
      await using planner = openPlanner({ clock: machineClock, threads: 1, deadline: 120_000 });
      const times: number[] = [];
      for (let n = 0; n < PLANS; n++) {
        const problem = carPark(sessions, { seed: 6, quarters, now: 4 + n / 12 });
        const begun = performance.now();
        await planner.plan({ ...problem, site: 'S6' });
        times.push(performance.now() - begun);
      }
      const [first = 0, ...warm] = times;
      const sorted = warm.toSorted((a, b) => a - b);
      const result = { sessions, slots: quarters ? 'quarter hours' : 'hours', first, p50: sorted[sorted.length >> 1] ?? 0, max: sorted.at(-1) ?? 0 };
      if (json) printJsonLine(result);
      else terminal().stdout.write(`| ${sessions} | ${result.slots} | ${first.toFixed(0)} | ${result.p50.toFixed(0)} | ${result.max.toFixed(0)} |\n`);
    }
}
