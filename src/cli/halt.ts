import type { Command } from 'commander';
import { CONFIG_OPTION } from './configuration.ts';
import { printJsonLine } from './json-line.ts';
import { openAgreements } from './open-offline.ts';
import { parseParty } from './party-option.ts';

/** `halt` and `resume`: the kill switch for one party. */
export function addHaltCommands(program: Command): void {
  program
    .command('halt')
    .argument('<party>', 'such as NL*SCS', parseParty)
    .summary('kill switch: take back all that a party has set, and let it set nothing')
    .description('Within seconds a running node clears everything that the party has set, and refuses it until evenkeel resume. Prints {"halted":[…]}.')
    .requiredOption(...CONFIG_OPTION)
    .action(async (party: string, { config }: { config: string }) => {
      await using desk = await openAgreements(config);
      printJsonLine({ halted: await desk.halt(party) });
    });
  program
    .command('resume')
    .argument('<party>', 'such as NL*SCS', parseParty)
    .summary('let a party that was halted set profiles again')
    .requiredOption(...CONFIG_OPTION)
    .action(async (party: string, { config }: { config: string }) => {
      await using desk = await openAgreements(config);
      printJsonLine({ halted: await desk.resume(party) });
    });
}
