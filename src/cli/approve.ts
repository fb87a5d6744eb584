import type { Command } from 'commander';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { printJsonLine } from './json-line.ts';
import { valueOrThrow } from './output.ts';
import { parseParty, parsePeer } from './party-option.ts';

/** `approve`: lets a peer speak for a party that it claims. */
export function addApproveCommand(program: Command): void {
  program
    .command('approve')
    .summary('let a peer speak for a party that it claims')
    .description(
      'Lets a peer speak for a party that it claims and was not let in with, and prints the peer.\nUntil then nothing comes of a claim; evenkeel peers shows what is held.',
    )
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--peer <id>', 'the peer, such as NL*MSP (see evenkeel peers)', parsePeer)
    .requiredOption('--party <party>', 'the party that it claims, such as NL*XYZ', parseParty)
    .action(async ({ config, peer, party }: { config: string; peer: string; party: string }) => {
      const settings = await readConfiguration(config);
      const { openRegistry } = await import('../node/offline/registry.ts');
      await using registry = await openRegistry(settings);
      printJsonLine(valueOrThrow(await registry.approve(peer, party)));
    });
}
