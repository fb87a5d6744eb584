import type { Command } from 'commander';
import type { Config } from '../node/config/config.ts';
import type { PeerSummary } from '../node/offline/registry.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { valueOrThrow } from './output.ts';
import { JSON_OPTION, type OutputOptions, printObject } from './print.ts';

/** `register`: registers this node at another platform with a TOKEN_A. */
export function addRegisterCommand(program: Command): void {
  program
    .command('register')
    .summary('register this node at another platform')
    .description(
      'Registers this node at another platform with the TOKEN_A that the platform gave you, and prints the new peer.\nThe other platform reads the versions endpoint of this node meanwhile. If no node is running, this command runs one until it is done.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .requiredOption('--versions-url <url>', 'URL of the versions endpoint of the other platform')
    .requiredOption('--token <token>', 'TOKEN_A from the other platform')
    .action(async ({ config, versionsUrl, token, json = false }: { config: string; versionsUrl: string; token: string } & OutputOptions) => {
      await printObject(await register(await readConfiguration(config), versionsUrl, token), { json });
    });
}

async function register(config: Config, versionsUrl: string, token: string): Promise<PeerSummary> {
  const { isNodeRunning } = await import('../node/offline/health.ts');
  const { describeRegistration, openRegistry, summarizePeer } = await import('../node/offline/registry.ts');
  if (await isNodeRunning(config)) {
    await using registry = await openRegistry(config);
    return valueOrThrow(await registry.register(versionsUrl, token));
  }
  const { createNode } = await import('../node/node.ts');
  await using node = await createNode(config);
  await node.audit.note({ kind: 'command' }, { act: 'add-peer', says: describeRegistration(versionsUrl) });
  return summarizePeer(valueOrThrow(await node.registration.register(versionsUrl, token)));
}
