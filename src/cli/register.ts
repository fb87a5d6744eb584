import type { Command } from 'commander';
import type { Config } from '../node/config/config.ts';
import type { PeerSummary } from '../node/offline/registry.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { printJsonLine } from './json-line.ts';
import { valueOrThrow } from './output.ts';

/** `register`: registers this node at another platform with the TOKEN_A that it gave us. */
export function addRegisterCommand(program: Command): void {
  program
    .command('register')
    .summary('register this node at another platform')
    .description(
      'Registers this node at another platform with the TOKEN_A that it gave you, and prints the peer: {"id":…,"edition":…,"roles":[…]}.\nThe other platform reads our versions endpoint meanwhile: when no node runs, one runs for the duration.',
    )
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--versions-url <url>', 'versions endpoint of the other platform')
    .requiredOption('--token <token>', 'TOKEN_A, as the other platform gave it')
    .action(async ({ config, versionsUrl, token }: { config: string; versionsUrl: string; token: string }) => {
      printJsonLine(await register(await readConfiguration(config), versionsUrl, token));
    });
}

async function register(config: Config, versionsUrl: string, token: string): Promise<PeerSummary> {
  const { isNodeRunning } = await import('../node/offline/health.ts');
  const { summarizePeer, openRegistry } = await import('../node/offline/registry.ts');
  if (await isNodeRunning(config)) {
    await using registry = await openRegistry(config);
    return valueOrThrow(await registry.register(versionsUrl, token));
  }
  const { createNode } = await import('../node/node.ts');
  await using node = await createNode(config);
  await node.audit.note(
    { kind: 'command' },
    { act: 'add-peer', says: `registers at ${URL.canParse(versionsUrl) ? new URL(versionsUrl).origin : 'no address'}` },
  );
  return summarizePeer(valueOrThrow(await node.registration.register(versionsUrl, token)));
}
