import { type Command, Option } from 'commander';
import type { ContractDetails } from '../node/rights/change-agreements.ts';
import { CONFIG_OPTION, openAgreements } from './configuration.ts';
import { dayAndMinute } from './describe-limit.ts';
import { parseMoment, parseParty, parsePushSpan } from './option-values.ts';
import { valueOrThrow } from './output.ts';
import { JSON_OPTION, type OutputOptions, printList, printObject } from './print.ts';
import type { Column } from './table.ts';
import { terminal } from './terminal.ts';

interface ContractOptions extends OutputOptions {
  config: string;
  party: string;
  may: ('see' | 'control')[];
  tokensOf?: string;
  location?: string[];
  evse?: string[];
  stateOfCharge?: true;
  pushEvery?: number;
  from?: string;
  until?: string;
}

/** `contracts`: manages which other parties may see or control sessions. */
export function addContractsCommand(program: Command): void {
  const contracts = program
    .command('contracts')
    .summary('manage which other parties may see or control sessions')
    .description(
      'Contracts with parties that steer sessions of others, such as an SCSP. They are stored in the database, in addition to those of the configuration.\nA party gets no data until drivers have consented: see evenkeel consents.',
    );
  addAddCommand(contracts);
  contracts
    .command('list')
    .summary('list all contracts')
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .action(async ({ config, json = false }: { config: string } & OutputOptions) => {
      await using agreements = await openAgreements(config);
      await printList(await agreements.contracts(), { json }, { columns, none: 'there are no contracts; evenkeel contracts add makes one' });
    });
  contracts
    .command('end')
    .summary('end a contract now')
    .description('Ends a contract now and prints it. Within seconds a running node withdraws the profiles that the party has set, and stops sending it data.')
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .requiredOption('--id <id>', 'id of the contract, as contracts list shows it')
    .action(async ({ config, id, json = false }: { config: string; id: string } & OutputOptions) => {
      await using agreements = await openAgreements(config);
      await printObject(valueOrThrow(await agreements.endContract(id)), { json });
    });
}

function addAddCommand(contracts: Command): void {
  contracts
    .command('add')
    .summary('add a contract')
    .description('Adds a contract and prints it. It covers the sessions that meet all of its conditions; without conditions it covers all sessions.')
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .requiredOption('--party <party>', 'party that gets the rights, such as NL*SCS', parseParty)
    .addOption(new Option('--may <right...>', 'see: read sessions; control: also set profiles').choices(['see', 'control']).makeOptionMandatory())
    .option('--tokens-of <party>', 'condition: sessions of customers of this party', parseParty)
    .option('--location <id...>', 'condition: sessions at these locations; "*": at all locations, and the party may learn which')
    .option('--evse <uid...>', 'condition: sessions at these EVSEs')
    .option('--state-of-charge', 'the party also gets the state of charge of the cars')
    .option('--push-every <span>', 'push changes of a running session to the party at most this often, 30s to 5m (default: 5m)', parsePushSpan)
    .option('--from <moment>', 'start of the contract, such as 2030-01-01T00:00:00Z (default: at once)', parseMoment)
    .option('--until <moment>', 'end of the contract (default: no end)', parseMoment)
    .action(
      async ({
        config,
        party,
        may,
        tokensOf: tokens_of,
        location: locations,
        evse: evses,
        stateOfCharge,
        pushEvery,
        from,
        until,
        json = false,
      }: ContractOptions) => {
        await using agreements = await openAgreements(config);
        const conditions = {
          ...(tokens_of && { tokens_of }),
          ...(locations && { locations }),
          ...(evses && { evses }),
          ...(stateOfCharge && { state_of_charge: true }),
          ...(pushEvery !== undefined && { push_every: pushEvery }),
          ...(from && { from }),
          ...(until && { until }),
        };
        const contract = valueOrThrow(await agreements.addContract({ party, may, ...conditions }));
        await printObject(contract, { json });
        if (!contract.consented)
          terminal().stderr.write(
            `evenkeel: no consent covers ${contract.party} yet, so this node sends it nothing: add one with evenkeel consents add --party '${contract.party}' --token UID|"*" …\n`,
          );
      },
    );
}

/** The conditions of a contract; none: it covers all sessions. */
const coveredBy = ({ tokens_of: tokensOf, locations, evses }: ContractDetails): string =>
  [tokensOf && `customers of ${tokensOf}`, locations && `locations ${locations.join(' ')}`, evses && `EVSEs ${evses.join(' ')}`].filter(Boolean).join(', ') ||
  'all sessions';
const stateOf = ({ ended_at: ended, consented }: ContractDetails): string =>
  ended === undefined ? (consented ? 'has consent' : 'no consent yet') : `ended ${dayAndMinute(ended)}`;

const columns: readonly Column<ContractDetails>[] = [
  { title: 'CONTRACT', text: (it) => it.id.slice(0, 13) },
  { title: 'PARTY', text: (it) => it.party },
  { title: 'MAY', text: (it) => it.may.join(' ') },
  { title: 'COVERS', text: coveredBy, shrinks: true },
  { title: 'UNTIL', text: (it) => (it.until === undefined ? '' : dayAndMinute(it.until)) },
  { title: 'STATE', text: stateOf },
];
