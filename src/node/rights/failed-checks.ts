import type { Context } from '../core/context.ts';

/**
 * Adds a security event to each failure of a job that ends rights: until the job succeeds, a party may keep control that it has lost.
 * The rejection stays, so that the error is logged too.
 */
export const alarmOnFailure =
  ({ security }: Pick<Context, 'security'>, what: string, job: () => Promise<void>): (() => Promise<void>) =>
  async () => {
    try {
      await job();
    } catch (error) {
      security.note({
        kind: 'rights-unchecked',
        says: `${what}: the job failed and is repeated; until it succeeds, a profile without a right may stay installed`,
      });
      throw error;
    }
  };
