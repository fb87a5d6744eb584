import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that run longest, the longest first: a long file that starts last leaves the other workers without work. */
const LONGEST = [
  'test/flows/cli-demo.test.ts',
  'test/stop/random-moments.test.ts',
  'test/kill/kill-points.test.ts',
  'test/console/accessibility.test.ts',
  'test/console/hostile-texts.test.ts',
  'test/flows/profiles-active.test.ts',
  'test/kill/random-faults.test.ts',
  'test/memory/ended-sessions.test.ts',
  'test/flows/hub-routing.test.ts',
  'test/console/live-updates.test.ts',
  'test/flows/sessions-pushed.test.ts',
  'test/flows/api-events.test.ts',
  'test/flows/rights.test.ts',
  'test/kill/broken-connection.test.ts',
  'test/console/site-limits.test.ts',
  'test/kill/graceful-stop.test.ts',
  'test/store/migrations.test.ts',
  'test/flows/profiles-unanswered.test.ts',
  'test/flows/cli-serve.test.ts',
];

const rank = ({ moduleId }: TestSpecification) => {
  const place = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}`));
  return place === -1 ? LONGEST.length : place;
};

/** Runs the longest files first, also in a clone that has no times of earlier runs. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
