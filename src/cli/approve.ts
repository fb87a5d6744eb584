import { type Command, Option } from 'commander';
import { CONFIG_OPTION, openRegistry } from './configuration.ts';
import { PEER_OPTION, parseParty } from './option-values.ts';
import { valueOrThrow } from './output.ts';
import { JSON_OPTION, type OutputOptions, printObject } from './print.ts';

/** `approve`: allows a peer to speak for a party that it claims. */
export function addApproveCommand(program: Command): void {
  program
    .command('approve')
    .summary('allow a peer to speak for a party that it claims')
    .description(
      'Allows a peer to speak for a party that it claims but was not invited with, and prints the peer.\nUntil then the claim has no effect. evenkeel peers shows claims under HELD.\nWith --role it lets a party in behind a hub that does not announce it, such as a hub without HubClientInfo.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .requiredOption(...PEER_OPTION)
    .requiredOption('--party <party>', 'the claimed party, such as NL*XYZ', parseParty)
    .addOption(new Option('--role <role>', 'behind a hub: the role of the party').choices(['CPO', 'EMSP', 'SCSP', 'NSP', 'NAP', 'OTHER']))
    .action(async ({ config, peer, party, role, json = false }: { config: string; peer: string; party: string; role?: string } & OutputOptions) => {
      await using registry = await openRegistry(config);
      await printObject(valueOrThrow(await registry.approve(peer, party, role)), { json });
    });
}
