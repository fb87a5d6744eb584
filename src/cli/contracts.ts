import { type Command, Option } from 'commander';
import { CONFIG_OPTION } from './configuration.ts';
import { printJsonLine } from './json-line.ts';
import { openAgreements } from './open-offline.ts';
import { valueOrThrow } from './output.ts';
import { parseMoment, parseParty } from './party-option.ts';

interface Terms {
  config: string;
  party: string;
  may: ('see' | 'control')[];
  tokensOf?: string;
  location?: string[];
  evse?: string[];
  from?: string;
  until?: string;
}

/** `contracts`: who else may see or control which sessions. */
export function addContractsCommand(program: Command): void {
  const contracts = program
    .command('contracts')
    .summary('say who else may see or control which sessions')
    .description(
      'Contracts with parties that steer sessions of others, such as an SCSP. They stand in the database, beside those of the configuration.\nNothing goes to a party before a driver, or the terms for all, agreed: see evenkeel consents.',
    );
  contracts
    .command('add')
    .summary('make a contract')
    .description('Makes a contract and prints it. It covers the sessions that fit each of its conditions; without one, all of them.')
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--party <party>', 'who may, such as NL*SCS', parseParty)
    .addOption(new Option('--may <right...>', 'see, or control as well').choices(['see', 'control']).makeOptionMandatory())
    .option('--tokens-of <party>', 'only sessions of customers of this party', parseParty)
    .option('--location <id...>', 'only at these locations; "*": at all of them, and the party may know at which')
    .option('--evse <uid...>', 'only at these EVSEs')
    .option('--from <moment>', 'not before, such as 2030-01-01T00:00:00Z', parseMoment)
    .option('--until <moment>', 'no longer than', parseMoment)
    .action(async ({ config, party, may, tokensOf: tokens_of, location: locations, evse: evses, from, until }: Terms) => {
      await using desk = await openAgreements(config);
      const conditions = {
        ...(tokens_of && { tokens_of }),
        ...(locations && { locations }),
        ...(evses && { evses }),
        ...(from && { from }),
        ...(until && { until }),
      };
      const card = valueOrThrow(await desk.addContract({ party, may, ...conditions }));
      printJsonLine(card);
      if (!card.consented)
        process.stderr.write(
          `evenkeel: no consent covers ${card.party} yet, so nothing goes to it: evenkeel consents add --party '${card.party}' --token UID|"*" …\n`,
        );
    });
  contracts
    .command('list')
    .summary('list the contracts')
    .requiredOption(...CONFIG_OPTION)
    .action(async ({ config }: { config: string }) => {
      await using desk = await openAgreements(config);
      for (const card of await desk.contracts()) printJsonLine(card);
    });
  contracts
    .command('end')
    .summary('end a contract now')
    .description('Ends a contract now and prints it. Within seconds a running node takes back what the party has set, and tells it nothing more.')
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--id <id>', 'as contracts list shows it')
    .action(async ({ config, id }: { config: string; id: string }) => {
      await using desk = await openAgreements(config);
      printJsonLine(valueOrThrow(await desk.endContract(id)));
    });
}
