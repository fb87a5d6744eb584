import type { Command } from 'commander';
import { type ApiOptions, findApi, withApiOptions } from './find-api.ts';
import { terminal } from './terminal.ts';

/** `watch`: shows running sessions as they change. */
export function addWatchCommand(program: Command): void {
  withApiOptions(
    program
      .command('watch')
      .summary('watch running sessions live')
      .description(
        'Shows what needs a person, and the running sessions: EVSE, limit with its origin, power and last request. Updates them until Ctrl-C.\nWhen the output is not a terminal, prints one line of text for each event; with --json one line of JSON for each event.',
      ),
  ).action(async (options: ApiOptions) => {
    const [{ watchSessions }, access] = await Promise.all([import('./watch-sessions.ts'), findApi(options)]);
    await watchSessions(access, options.json ? 'json' : terminal().stdout.isTTY ? 'screen' : 'lines');
  });
}
