import { type Command, InvalidArgumentError } from 'commander';
import { CONFIG_OPTION, openRegistry } from './configuration.ts';
import { printJsonLine, valueOrThrow } from './output.ts';

/** `tokens`: lists and approves tokens that two parties claim. */
export function addTokensCommand(program: Command): void {
  const tokens = program
    .command('tokens')
    .summary('approve tokens that a second party claims')
    .description(
      'The first party that sends a token keeps its uid.\nA token with the same uid of another party is held: it has no effect until it is approved.',
    );
  tokens
    .command('claims')
    .summary('list the tokens that are held')
    .description('Lists the tokens that are held, newest first, one JSON object for each line: {"id":…,"party":…,"uid":"****…","owner":…,…}.')
    .requiredOption(...CONFIG_OPTION)
    .action(async ({ config }: { config: string }) => {
      await using registry = await openRegistry(config);
      for (let before: number | undefined, more = true; more; more = before !== undefined) {
        const page = await registry.tokenClaims(before === undefined ? {} : { before });
        for (const claim of page.items) printJsonLine(claim);
        before = page.next;
      }
    });
  tokens
    .command('approve')
    .summary('let the claiming party have a token')
    .description('Puts the token of a claim into force, and holds the token of the party that had it. Prints the claim.')
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--claim <id>', 'id of the claim, from evenkeel tokens claims', parseClaim)
    .action(async ({ config, claim }: { config: string; claim: number }) => {
      await using registry = await openRegistry(config);
      printJsonLine(valueOrThrow(await registry.approveToken(claim)));
    });
}

function parseClaim(text: string): number {
  if (!/^[1-9][0-9]{0,14}$/.test(text)) throw new InvalidArgumentError('Allowed is the number of a claim, such as 17.');
  return Number(text);
}
