import type { Command } from 'commander';
import { CONFIG_OPTION, openAgreements } from './configuration.ts';
import { parseParty } from './option-values.ts';
import { JSON_OPTION, type OutputOptions, printObject } from './print.ts';

const PARTY_ARGUMENT = ['<party>', 'the party, such as NL*SCS', parseParty] as const;

/** `halt` and `resume`: the kill switch for one party. */
export function addHaltCommands(program: Command): void {
  program
    .command('halt')
    .argument(...PARTY_ARGUMENT)
    .summary('kill switch: withdraw all profiles of a party and refuse new ones')
    .description(
      'Kill switch for one party. Within seconds a running node withdraws all profiles that the party has set, and refuses new ones until evenkeel resume.\nPrints all halted parties.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .action(async (party: string, { config, json = false }: { config: string } & OutputOptions) => {
      await using agreements = await openAgreements(config);
      await printHalted(await agreements.halt(party), json);
    });
  program
    .command('resume')
    .argument(...PARTY_ARGUMENT)
    .summary('allow a halted party to set profiles again')
    .description('Ends a halt: the party may set profiles again.\nPrints the parties that are still halted.')
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .action(async (party: string, { config, json = false }: { config: string } & OutputOptions) => {
      await using agreements = await openAgreements(config);
      await printHalted(await agreements.resume(party), json);
    });
}

const printHalted = (halted: readonly string[], json: boolean): Promise<void> =>
  printObject({ halted: !json && halted.length === 0 ? ['none'] : halted }, { json });
