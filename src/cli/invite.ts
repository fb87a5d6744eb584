import { type Command, Option } from 'commander';
import { CONFIG_OPTION, openRegistry } from './configuration.ts';
import { parseCountryCode, parsePartyId } from './option-values.ts';
import { valueOrThrow } from './output.ts';
import { JSON_OPTION, type OutputOptions, printObject } from './print.ts';

interface InviteOptions extends OutputOptions {
  config: string;
  role: string;
  countryCode: string;
  partyId: string;
}

/** `invite`: makes a TOKEN_A for a party that will register at this node. The token is printed once and not stored. */
export function addInviteCommand(program: Command): void {
  program
    .command('invite')
    .summary('make a token (TOKEN_A) for a party that registers here')
    .description(
      'Makes a TOKEN_A for one party, and prints it with the versions URL of this node. The token is valid for one registration within a week.\nSend both values to the other side over a secure channel. The token cannot be shown again.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .addOption(new Option('--role <role>', 'role of the party').choices(['CPO', 'EMSP', 'SCSP', 'HUB']).makeOptionMandatory())
    .requiredOption('--country-code <code>', 'country code of the party, such as NL', parseCountryCode)
    .requiredOption('--party-id <id>', 'id of the party, such as MSP', parsePartyId)
    .action(async ({ config, role, countryCode: country_code, partyId: party_id, json = false }: InviteOptions) => {
      await using registry = await openRegistry(config);
      await printObject(valueOrThrow(await registry.invite({ role, country_code, party_id })), { json });
    });
}
