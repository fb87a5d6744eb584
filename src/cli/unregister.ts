import type { Command } from 'commander';
import { CONFIG_OPTION, openRegistry } from './configuration.ts';
import { PEER_OPTION } from './option-values.ts';
import { valueOrThrow } from './output.ts';
import { JSON_OPTION, type OutputOptions, printObject } from './print.ts';

/** `unregister`: ends the registration with a peer, or cancels an invitation. */
export function addUnregisterCommand(program: Command): void {
  program
    .command('unregister')
    .summary('end the registration with a peer')
    .description(
      'Ends the registration with a peer, or cancels an invitation.\nThe tokens of the peer are invalid at once, even when the peer could not be told: "peer_told" says whether it was.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .requiredOption(...PEER_OPTION)
    .action(async ({ config, peer, json = false }: { config: string; peer: string } & OutputOptions) => {
      await using registry = await openRegistry(config);
      await printObject({ id: peer, peer_told: valueOrThrow(await registry.unregister(peer)) === 'told' }, { json });
    });
}
