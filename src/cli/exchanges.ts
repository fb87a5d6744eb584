import type { Command } from 'commander';
import { timeOfDay } from './describe-session.ts';
import { type ApiOptions, findApi, withApiOptions } from './find-api.ts';
import { printJsonLine } from './json-line.ts';
import { parseCount } from './option-values.ts';

interface ExchangesOptions extends ApiOptions {
  session?: string;
  limit: number;
}

/** `exchanges`: lists requests about charging profiles and what became of them. */
export function addExchangesCommand(program: Command): void {
  withApiOptions(
    program
      .command('exchanges')
      .summary('list what was asked, and what became of it')
      .description('Lists requests about charging profiles, newest first, with their outcomes.')
      .option('--session <session>', 'only those about this session')
      .option('--limit <number>', 'at most so many', parseCount, 20),
  ).action(async ({ session, limit, ...options }: ExchangesOptions) => {
    const [{ openClient }, { listExchanges }, door] = await Promise.all([
      import('./api-client.ts'),
      import('../node/api/sessions/routes.ts'),
      findApi(options),
    ]);
    const { items } = await openClient(door).send(listExchanges, { query: { limit, ...(session !== undefined && { session }) } });
    if (options.json) return items.forEach(printJsonLine);
    const { renderTable, printLines } = await import('./table.ts');
    if (items.length === 0) return printLines(['nothing was asked yet']);
    const columns = [
      { title: 'TIME', of: (it: (typeof items)[number]) => timeOfDay(it.accepted_at) },
      { title: 'WHAT', of: (it: (typeof items)[number]) => it.kind },
      { title: 'SESSION', of: (it: (typeof items)[number]) => idOf(it.session) },
      { title: 'WITH', of: (it: (typeof items)[number]) => it.peer ?? it.station ?? '', elastic: true as const },
      { title: 'OUTCOME', of: (it: (typeof items)[number]) => it.outcome ?? `(${it.state})` },
    ];
    return printLines(renderTable(columns, items));
  });
}

/** The id in a session's key; keys are in capitals, and nobody writes a UUID so. */
function idOf(key: string): string {
  const id = key.split('*').slice(2).join('*');
  return /^[0-9A-F-]{36}$/.test(id) ? id.toLowerCase() : id;
}
