import type { Command } from 'commander';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { printJsonLine } from './json-line.ts';
import { valueOrThrow } from './output.ts';
import { parsePeer } from './party-option.ts';

/** `rotate`: new tokens with a peer, both ways. */
export function addRotateCommand(program: Command): void {
  program
    .command('rotate')
    .summary('exchange new tokens with a peer')
    .description('Exchanges new tokens with a peer, both ways, and prints the peer. The peer can use its old token for another minute.')
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--peer <id>', 'the peer, such as NL*MSP (see evenkeel peers)', parsePeer)
    .option('--now', 'the old token ends as soon as the peer has the new one: for a token that may be in wrong hands')
    .action(async ({ config, peer, now }: { config: string; peer: string; now?: true }) => {
      const settings = await readConfiguration(config);
      const { openRegistry } = await import('../node/offline/registry.ts');
      await using registry = await openRegistry(settings);
      printJsonLine(valueOrThrow(await registry.rotate(peer, now ? 'now' : 'soon')));
    });
}
