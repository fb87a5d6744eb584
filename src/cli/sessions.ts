import { type Command, Option } from 'commander';
import type { SessionView } from '../node/api/sessions/schemas.ts';
import { type ApiOptions, connect, withApiOptions } from './find-api.ts';
import { countUpTo } from './option-values.ts';
import { printJsonLine } from './output.ts';

const RUNNING = ['ACTIVE', 'PENDING', 'RESERVATION'] as const;
const STATUSES = [...RUNNING, 'COMPLETED', 'INVALID'] as const;

interface SessionsOptions extends ApiOptions {
  all?: boolean;
  status?: (typeof STATUSES)[number];
  limit: number;
}

/** `sessions`: lists the sessions of a running node. */
export function addSessionsCommand(program: Command): void {
  withApiOptions(
    program
      .command('sessions')
      .summary('list running sessions')
      .description(
        'Lists running sessions, newest first: at charge points of this node, and of its customers at other platforms.\nUse the SESSION column with set, get and clear.',
      )
      .option('--all', 'also list ended sessions')
      .addOption(new Option('--status <status>', 'only sessions with this status').choices(STATUSES).conflicts('all'))
      .option('--limit <number>', 'list at most this many', countUpTo(1_000), 50),
  ).action(async (options: SessionsOptions) => {
    const sessions = await fetchSessions(options);
    if (options.json) return sessions.forEach(printJsonLine);
    const [{ renderTable, printLines }, { sessionColumns }] = await Promise.all([import('./table.ts'), import('./describe-session.ts')]);
    return printLines(sessions.length === 0 ? [describeNone(options)] : renderTable(sessionColumns(sessions), sessions));
  });
}

function describeNone({ all, status }: SessionsOptions): string {
  if (all) return 'there are no sessions';
  return `no session is ${status ?? 'running'}; --all also lists ended sessions`;
}

async function fetchSessions({ all, status, limit, ...options }: SessionsOptions): Promise<readonly SessionView[]> {
  const { client, routes } = await connect(options);
  if (all) return (await client.send(routes.listSessions, { query: { limit } })).items;
  const lists = await Promise.all((status ? [status] : RUNNING).map((it) => client.send(routes.listSessions, { query: { status: it, limit } })));
  return lists
    .flatMap((list) => list.items)
    .sort((a, b) => b.seq - a.seq)
    .slice(0, limit);
}
