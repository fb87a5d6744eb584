import { type Command, InvalidArgumentError } from 'commander';
import type { TokenClaimView } from '../node/api/token-claims.ts';
import { CONFIG_OPTION, openRegistry } from './configuration.ts';
import { printJsonLine, valueOrThrow } from './output.ts';
import { JSON_OPTION, type OutputOptions, printList, printObject } from './print.ts';
import type { Column } from './table.ts';

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
    .description('Lists the tokens that are held, newest first: the party that claims each, and its owner, the party that sent it first.')
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .action(async ({ config, json = false }: { config: string } & OutputOptions) => {
      await using registry = await openRegistry(config);
      const claims: TokenClaimView[] = [];
      for (let before: number | undefined, more = true; more; more = before !== undefined) {
        const page = await registry.tokenClaims(before === undefined ? {} : { before });
        if (json) page.items.forEach(printJsonLine);
        else claims.push(...page.items);
        before = page.next;
      }
      if (!json) await printList(claims, {}, { columns, none: 'no token is held' });
    });
  tokens
    .command('approve')
    .summary('let the claiming party have a token')
    .description('Puts the token of a claim into force, and holds the token of the party that had it. Prints the claim.')
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .requiredOption('--claim <id>', 'id of the claim, from evenkeel tokens claims', parseClaim)
    .action(async ({ config, claim, json = false }: { config: string; claim: number } & OutputOptions) => {
      await using registry = await openRegistry(config);
      await printObject(valueOrThrow(await registry.approveToken(claim)), { json });
    });
}

function parseClaim(text: string): number {
  if (!/^[1-9][0-9]{0,14}$/.test(text)) throw new InvalidArgumentError('Allowed is the number of a claim, such as 17.');
  return Number(text);
}

const columns: readonly Column<TokenClaimView>[] = [
  { title: 'CLAIM', text: (it) => String(it.id), align: 'right' },
  { title: 'CLAIMED BY', text: (it) => it.party },
  { title: 'TOKEN', text: (it) => it.uid },
  { title: 'OWNER', text: (it) => it.owner ?? '' },
];
