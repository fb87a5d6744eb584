import { type Command, Option } from 'commander';
import type { SessionView } from '../node/api/sessions/schemas.ts';
import { type ApiOptions, findApi, withApiOptions } from './find-api.ts';
import { printJsonLine } from './json-line.ts';
import { parseCount } from './option-values.ts';

const RUNNING = ['ACTIVE', 'PENDING', 'RESERVATION'] as const;
const STATUSES = [...RUNNING, 'COMPLETED', 'INVALID'] as const;

interface SessionsOptions extends ApiOptions {
  all?: boolean;
  status?: (typeof STATUSES)[number];
  limit: number;
}

/** `sessions`: lists the sessions that a running node knows. */
export function addSessionsCommand(program: Command): void {
  withApiOptions(
    program
      .command('sessions')
      .summary('list the sessions that run')
      .description(
        'Lists the sessions that run, newest first: our own charge points, and customers of ours elsewhere.\nSESSION is what set, get and clear take.',
      )
      .option('--all', 'ended ones as well')
      .addOption(new Option('--status <status>', 'only those with this status').choices(STATUSES).conflicts('all'))
      .option('--limit <number>', 'at most so many', parseCount, 50),
  ).action(async (options: SessionsOptions) => {
    const sessions = await listed(options);
    if (options.json) return sessions.forEach(printJsonLine);
    const [{ renderTable, printLines }, { sessionColumns }] = await Promise.all([import('./table.ts'), import('./describe-session.ts')]);
    if (sessions.length === 0) return printLines([options.all || options.status ? 'no session' : 'no session runs; --all lists ended ones']);
    return printLines(renderTable(sessionColumns(sessions), sessions));
  });
}

async function listed({ all, status, limit, ...door }: SessionsOptions): Promise<readonly SessionView[]> {
  const [{ openClient }, { listSessions }, found] = await Promise.all([import('./api-client.ts'), import('../node/api/sessions/routes.ts'), findApi(door)]);
  const client = openClient(found);
  if (all) return (await client.send(listSessions, { query: { limit } })).items;
  const lists = await Promise.all((status ? [status] : RUNNING).map((it) => client.send(listSessions, { query: { status: it, limit } })));
  return lists
    .flatMap((list) => list.items)
    .sort((a, b) => b.seq - a.seq)
    .slice(0, limit);
}
