import type { Command } from 'commander';
import { CONFIG_OPTION, openAudit } from './configuration.ts';
import { countUpTo } from './option-values.ts';
import { CliError, printJsonLine } from './output.ts';

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
    .option('--limit <number>', 'print at most this many entries', countUpTo(999_999), 100)
    .action(async ({ config, limit }: { config: string; limit: number }) => {
      await using chain = await openAudit(config);
      for (const { at, ...entry } of await chain.newest(limit)) printJsonLine({ ...entry, at: new Date(at).toISOString() });
    });
  audit
    .command('verify')
    .summary('check that no entry was changed, added or removed')
    .description(
      'Reads all entries and prints {"whole":true,"entries":…,"last":…}. Exits with 1 when an entry was changed, added or removed.\nKeep "last" in another place and pass it to --containing next time: this detects that the newest entries were removed.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option('--containing <hash>', 'a chain hash that the audit must contain: "last" of an earlier run')
    .action(async ({ config, containing }: { config: string; containing?: string }) => {
      await using chain = await openAudit(config);
      const verdict = await chain.verify(containing);
      if (verdict.is === 'broken') throw new CliError(`the audit is not whole at entry ${verdict.seq}: ${verdict.because}`);
      printJsonLine({ whole: true, entries: verdict.entries, ...(verdict.last !== undefined && { last: verdict.last }) });
    });
}
