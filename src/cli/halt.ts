import type { Command } from 'commander';
import { CONFIG_OPTION, openAgreements } from './configuration.ts';
import { parseParty } from './option-values.ts';
import { printJsonLine } from './output.ts';

const PARTY_ARGUMENT = ['<party>', 'the party, such as NL*SCS', parseParty] as const;

/** `halt` and `resume`: the kill switch for one party. */
export function addHaltCommands(program: Command): void {
  program
    .command('halt')
    .argument(...PARTY_ARGUMENT)
    .summary('kill switch: withdraw all profiles of a party and refuse new ones')
    .description(
      'Kill switch for one party. Within seconds a running node withdraws all profiles that the party has set, and refuses new ones until evenkeel resume.\nPrints the halted parties: {"halted":[…]}.',
    )
    .requiredOption(...CONFIG_OPTION)
    .action(async (party: string, { config }: { config: string }) => {
      await using agreements = await openAgreements(config);
      printJsonLine({ halted: await agreements.halt(party) });
    });
  program
    .command('resume')
    .argument(...PARTY_ARGUMENT)
    .summary('allow a halted party to set profiles again')
    .description('Ends a halt: the party may set profiles again.\nPrints the parties that are still halted: {"halted":[…]}.')
    .requiredOption(...CONFIG_OPTION)
    .action(async (party: string, { config }: { config: string }) => {
      await using agreements = await openAgreements(config);
      printJsonLine({ halted: await agreements.resume(party) });
    });
}
