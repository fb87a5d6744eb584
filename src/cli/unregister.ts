import type { Command } from 'commander';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { printJsonLine } from './json-line.ts';
import { valueOrThrow } from './output.ts';
import { parsePeer } from './party-option.ts';

/** `unregister`: ends the registration with a peer, or takes back an invitation. */
export function addUnregisterCommand(program: Command): void {
  program
    .command('unregister')
    .summary('end the registration with a peer')
    .description(
      'Ends the registration with a peer, or takes back an invitation, and prints {"id":…,"peer_told":true|false}.\nIts tokens are worth nothing from then on, whether or not the peer could be told.',
    )
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--peer <id>', 'the peer, such as NL*MSP (see evenkeel peers)', parsePeer)
    .action(async ({ config, peer }: { config: string; peer: string }) => {
      const settings = await readConfiguration(config);
      const { openRegistry } = await import('../node/offline/registry.ts');
      await using registry = await openRegistry(settings);
      printJsonLine({ id: peer, peer_told: valueOrThrow(await registry.unregister(peer)) === 'told' });
    });
}
