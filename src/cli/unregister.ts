import type { Command } from 'commander';
import { CONFIG_OPTION, openRegistry } from './configuration.ts';
import { PEER_OPTION } from './option-values.ts';
import { printJsonLine, valueOrThrow } from './output.ts';

/** `unregister`: ends the registration with a peer, or cancels an invitation. */
export function addUnregisterCommand(program: Command): void {
  program
    .command('unregister')
    .summary('end the registration with a peer')
    .description(
      'Ends the registration with a peer, or cancels an invitation, and prints {"id":…,"peer_told":true|false}.\nThe tokens of the peer are invalid at once, even when the peer could not be told.',
    )
    .requiredOption(...CONFIG_OPTION)
    .requiredOption(...PEER_OPTION)
    .action(async ({ config, peer }: { config: string; peer: string }) => {
      await using registry = await openRegistry(config);
      printJsonLine({ id: peer, peer_told: valueOrThrow(await registry.unregister(peer)) === 'told' });
    });
}
