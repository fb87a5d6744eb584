import type { Command } from 'commander';
import type { PeerSummary } from '../node/offline/registry.ts';
import { CONFIG_OPTION, openRegistry } from './configuration.ts';
import { JSON_OPTION, type OutputOptions, printList } from './print.ts';
import type { Column } from './table.ts';

/** `peers`: lists the peers of a node. */
export function addPeersCommand(program: Command): void {
  program
    .command('peers')
    .summary('list the peers of this node')
    .description(
      'Lists the peers (other platforms) with which this node is or was registered, or which it has invited.\nHELD lists parties that the peer claims but was not invited with: see evenkeel approve.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .action(async ({ config, json = false }: { config: string } & OutputOptions) => {
      await using registry = await openRegistry(config);
      await printList(await registry.peers(), { json }, { columns, none: 'there are no peers; evenkeel invite or evenkeel register makes one' });
    });
}

const columns: readonly Column<PeerSummary>[] = [
  { title: 'PEER', text: (it) => it.id },
  { title: 'STATUS', text: (it) => it.status },
  { title: 'OCPI', text: (it) => it.edition ?? '' },
  { title: 'ROLES', text: ({ roles }) => roles.map((it) => `${it.role} ${it.country_code}*${it.party_id}`).join(', '), shrinks: true },
  { title: 'HELD', text: ({ held = [] }) => held.map(({ role, party }) => `${role} ${party}`).join(', '), shrinks: true },
];
