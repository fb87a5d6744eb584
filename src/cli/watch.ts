import type { Command } from 'commander';
import { type ApiOptions, findApi, withApiOptions } from './find-api.ts';

/** `watch`: shows running sessions as they change. */
export function addWatchCommand(program: Command): void {
  withApiOptions(
    program
      .command('watch')
      .summary('see sessions change')
      .description(
        'Shows the sessions that run, with limit, power and the last outcome, and draws them anew when something changes, until Ctrl-C.\nWhere nobody looks, each event is a line.',
      ),
  ).action(async (options: ApiOptions) => {
    const [{ watchSessions }, door] = await Promise.all([import('./watch-sessions.ts'), findApi(options)]);
    await watchSessions(door, options.json ? 'json' : process.stdout.isTTY ? 'screen' : 'lines');
  });
}
