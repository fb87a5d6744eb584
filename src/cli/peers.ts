import type { Command } from 'commander';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { printJsonLine } from './json-line.ts';

/** `peers`: lists the platforms that this node is, was or may become connected with. */
export function addPeersCommand(program: Command): void {
  program
    .command('peers')
    .summary('list the platforms this node is connected with')
    .description(
      'Prints one line of JSON for each peer: {"id":…,"status":"INVITED|REGISTERED|UNREGISTERED","edition":…,"roles":[…],…}.\n"held" are parties that it claims and was not let in with: see evenkeel approve.',
    )
    .requiredOption(...CONFIG_OPTION)
    .action(async ({ config }: { config: string }) => {
      const settings = await readConfiguration(config);
      const { openRegistry } = await import('../node/offline/registry.ts');
      await using registry = await openRegistry(settings);
      for (const peer of await registry.peers()) printJsonLine(peer);
    });
}
