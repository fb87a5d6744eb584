import type { Command } from 'commander';
import { CONFIG_OPTION, openRegistry } from './configuration.ts';
import { printJsonLine } from './output.ts';

/** `peers`: lists the peers of a node. */
export function addPeersCommand(program: Command): void {
  program
    .command('peers')
    .summary('list the peers of this node')
    .description(
      'Lists the peers (other platforms) with which this node is or was registered, or which it has invited.\nPrints one line of JSON for each peer: {"id":…,"status":"INVITED|REGISTERED|UNREGISTERED","edition":…,"roles":[…],…}.\n"held" lists parties that the peer claims but was not invited with: see evenkeel approve.',
    )
    .requiredOption(...CONFIG_OPTION)
    .action(async ({ config }: { config: string }) => {
      await using registry = await openRegistry(config);
      for (const peer of await registry.peers()) printJsonLine(peer);
    });
}
