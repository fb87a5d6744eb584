import { type Command, Option } from 'commander';
import type { SessionView } from '../node/api/sessions/schemas.ts';
import { type ApiOptions, connect, withApiOptions } from './find-api.ts';
import { countUpTo } from './option-values.ts';
import { printList } from './print.ts';

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
        'Lists running sessions, newest first: at charge points of this node, and of its customers at other platforms.\nGive what the SESSION or the EVSE column shows to set, get, why and clear.',
      )
      .option('--all', 'also list ended sessions')
      .addOption(new Option('--status <status>', 'only sessions with this status').choices(STATUSES).conflicts('all'))
      .option('--limit <number>', 'list at most this many', countUpTo(1_000), 50),
  ).action(async (options: SessionsOptions) => {
    const sessions = await fetchSessions(options);
    const { sessionColumns } = await import('./describe-session.ts');
    await printList(sessions, options, { columns: sessionColumns(sessions), none: describeNone(options) });
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
