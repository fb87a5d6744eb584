import type { Command } from 'commander';
import { CONFIG_OPTION, openAudit } from './configuration.ts';
import { dayAndMinute } from './describe-limit.ts';
import { countUpTo } from './option-values.ts';
import { CliError } from './output.ts';
import { JSON_OPTION, type OutputOptions, printList, printObject } from './print.ts';
import type { Column } from './table.ts';

/** `audit`: shows and verifies the audit. */
export function addAuditCommand(program: Command): void {
  const audit = program
    .command('audit')
    .summary('show and verify the record of all operator actions')
    .description(
      'The audit records every action of people, API keys and commands.\nEach entry contains a keyed hash over itself and the entry before it (the chain hash).',
    );
  audit
    .command('list')
    .summary('print the newest entries, oldest first')
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .option('--limit <number>', 'print at most this many entries', countUpTo(999_999), 100)
    .action(async ({ config, limit, json = false }: { config: string; limit: number } & OutputOptions) => {
      await using chain = await openAudit(config);
      const entries = (await chain.newest(limit)).map(({ at, ...entry }) => ({ ...entry, at: new Date(at).toISOString() }));
      await printList(entries, { json }, { columns, none: 'the audit has no entries yet' });
    });
  audit
    .command('verify')
    .summary('check that no entry was changed, added or removed')
    .description(
      'Reads all entries. Exits with 1 when an entry was changed, added or removed. Prints "last", the chain hash of the last entry.\nKeep it in another place and pass it to --containing next time: this detects that the newest entries were removed.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .option('--containing <hash>', 'a chain hash that the audit must contain: "last" of an earlier run')
    .action(async ({ config, containing, json = false }: { config: string; containing?: string } & OutputOptions) => {
      await using chain = await openAudit(config);
      const verdict = await chain.verify(containing);
      if (verdict.is === 'broken') throw new CliError(`the audit is not whole at entry ${verdict.seq}: ${verdict.because}`);
      await printObject({ whole: true, entries: verdict.entries, ...(verdict.last !== undefined && { last: verdict.last }) }, { json });
    });
}

interface Entry {
  seq: number;
  at: string;
  by: { kind: string; id?: string };
  act: string;
  subject?: string;
  says?: string;
}
const columns: readonly Column<Entry>[] = [
  { title: 'ENTRY', text: (it) => String(it.seq), align: 'right' },
  { title: 'TIME', text: (it) => dayAndMinute(it.at) },
  { title: 'BY', text: ({ by }) => [by.kind, by.id?.slice(0, 13)].filter(Boolean).join(' ') },
  { title: 'ACT', text: (it) => it.act },
  { title: 'SUBJECT', text: (it) => it.subject ?? '', shrinks: true },
  { title: 'DETAILS', text: (it) => it.says ?? '', shrinks: true },
];
