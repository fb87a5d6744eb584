import type { Command } from 'commander';
import { CONFIG_OPTION, openRegistry } from './configuration.ts';
import { PEER_OPTION } from './option-values.ts';
import { valueOrThrow } from './output.ts';
import { JSON_OPTION, type OutputOptions, printObject } from './print.ts';

/** `rotate`: exchanges new tokens with a peer in both directions. */
export function addRotateCommand(program: Command): void {
  program
    .command('rotate')
    .summary('exchange new tokens with a peer')
    .description("Exchanges new tokens with a peer, in both directions, and prints the peer. The peer's old token stays valid for one more minute.")
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .requiredOption(...PEER_OPTION)
    .option('--now', 'end the old token as soon as the peer has the new one: use this when a token may have leaked')
    .action(async ({ config, peer, now, json = false }: { config: string; peer: string; now?: true } & OutputOptions) => {
      await using registry = await openRegistry(config);
      await printObject(valueOrThrow(await registry.rotate(peer, now ? 'now' : 'soon')), { json });
    });
}
