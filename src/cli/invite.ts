import { type Command, Option } from 'commander';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { printJsonLine } from './json-line.ts';
import { valueOrThrow } from './output.ts';
import { parseCountryCode, parsePartyId } from './party-option.ts';

interface Invitation {
  config: string;
  role: string;
  countryCode: string;
  partyId: string;
}

/** `invite`: makes a TOKEN_A for a party that is to register here; it is printed once and kept nowhere. */
export function addInviteCommand(program: Command): void {
  program
    .command('invite')
    .summary('make a TOKEN_A with which a party can register here')
    .description(
      'Makes a TOKEN_A for one party, good for one registration within a week, and prints {"token":…,"versions_url":…}.\nSend both to the other side over a safe channel: the token is shown this once.',
    )
    .requiredOption(...CONFIG_OPTION)
    .addOption(new Option('--role <role>', 'role of the party').choices(['CPO', 'EMSP', 'SCSP', 'HUB']).makeOptionMandatory())
    .requiredOption('--country-code <code>', 'country of the party, such as NL', parseCountryCode)
    .requiredOption('--party-id <id>', 'id of the party, such as MSP', parsePartyId)
    .action(async ({ config, role, countryCode: country_code, partyId: party_id }: Invitation) => {
      const settings = await readConfiguration(config);
      const { openRegistry } = await import('../node/offline/registry.ts');
      await using registry = await openRegistry(settings);
      printJsonLine(valueOrThrow(await registry.invite({ role, country_code, party_id })));
    });
}
