import type { Command } from 'commander';
import { CONFIG_OPTION, openRegistry } from './configuration.ts';
import { PEER_OPTION, parseParty } from './option-values.ts';
import { printJsonLine, valueOrThrow } from './output.ts';

/** `approve`: allows a peer to speak for a party that it claims. */
export function addApproveCommand(program: Command): void {
  program
    .command('approve')
    .summary('allow a peer to speak for a party that it claims')
    .description(
      'Allows a peer to speak for a party that it claims but was not invited with, and prints the peer.\nUntil then the claim has no effect. evenkeel peers shows claims under "held".',
    )
    .requiredOption(...CONFIG_OPTION)
    .requiredOption(...PEER_OPTION)
    .requiredOption('--party <party>', 'the claimed party, such as NL*XYZ', parseParty)
    .action(async ({ config, peer, party }: { config: string; peer: string; party: string }) => {
      await using registry = await openRegistry(config);
      printJsonLine(valueOrThrow(await registry.approve(peer, party)));
    });
}
