import { type Command, InvalidArgumentError } from 'commander';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { printJsonLine } from './json-line.ts';
import { CliError } from './output.ts';

/** `audit`: what was done through any door, and whether the record of it is whole. */
export function addAuditCommand(program: Command): void {
  const audit = program
    .command('audit')
    .summary('see what was done through any door')
    .description('The record of what was done by people, keys and commands. Each entry holds a keyed hash over itself and the one before.');
  audit
    .command('list')
    .summary('print the newest entries, the oldest of them first')
    .requiredOption(...CONFIG_OPTION)
    .option('--limit <number>', 'most entries', count, 100)
    .action(async ({ config, limit }: { config: string; limit: number }) => {
      await using chain = await openChain(config);
      for (const { at, ...entry } of await chain.newest(limit)) printJsonLine({ ...entry, at: new Date(at).toISOString() });
    });
  audit
    .command('verify')
    .summary('find out whether an entry was changed, added or removed')
    .description(
      'Reads all entries and prints {"whole":true,"entries":…,"last":…}; ends with 1 when they are not whole.\nKeep "last" elsewhere: with --containing it shows the next time that the newest entries were not removed either.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option('--containing <hash>', 'a hash that the record must hold: "last" of an earlier time')
    .action(async ({ config, containing }: { config: string; containing?: string }) => {
      await using chain = await openChain(config);
      const verdict = await chain.verify(containing);
      if (verdict.is === 'broken') throw new CliError(`the audit is not whole at entry ${verdict.seq}: ${verdict.because}`);
      printJsonLine({ whole: true, entries: verdict.entries, ...(verdict.last !== undefined && { last: verdict.last }) });
    });
}

async function openChain(config: string) {
  const settings = await readConfiguration(config);
  const { openAudit } = await import('../node/operators/open-users.ts');
  return openAudit(settings);
}

function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Allowed is a number from 1 to 999999.');
  return Number(text);
}
