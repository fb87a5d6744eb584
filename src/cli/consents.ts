import type { Command } from 'commander';
import { machineClock } from '../node/core/machine-clock.ts';
import { CONFIG_OPTION } from './configuration.ts';
import { printJsonLine } from './json-line.ts';
import { openAgreements } from './open-offline.ts';
import { parseMoment, parseParty } from './party-option.ts';

interface Word {
  config: string;
  party: string;
  token: string;
}

/** `consents`: what drivers agreed to. */
export function addConsentsCommand(program: Command): void {
  const consents = program
    .command('consents')
    .summary('record what drivers agreed to')
    .description(
      'Whether data of a driver may go to a party that steers sessions. The word of one driver stands over the terms for all ("*").\nThe database has drivers under names that say nothing of them.',
    );
  consents
    .command('add')
    .summary('record a consent')
    .description('Records that a driver agreed, and prints it.')
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--token <uid>', 'the driver by the uid of the card or app; "*": all, by the terms of the whole contract')
    .requiredOption('--party <party>', 'whom the data may go to, such as NL*SCS', parseParty)
    .requiredOption('--text-version <version>', 'of the text that was agreed to')
    .option('--given-at <moment>', 'when, such as 2030-01-01T00:00:00Z (default: now)', parseMoment)
    .action(
      async ({
        config,
        token,
        party,
        textVersion: text_version,
        givenAt: given_at = new Date(machineClock.now()).toISOString(),
      }: Word & { textVersion: string; givenAt?: string }) => {
        await using desk = await openAgreements(config);
        printJsonLine(await desk.addConsent({ token, party, purpose: 'smart_charging', text_version, given_at }));
      },
    );
  consents
    .command('list')
    .summary('list the consents')
    .requiredOption(...CONFIG_OPTION)
    .action(async ({ config }: { config: string }) => {
      await using desk = await openAgreements(config);
      for (const card of await desk.consents()) printJsonLine(card);
    });
  consents
    .command('withdraw')
    .summary('record that a driver does not agree any more')
    .description(
      'Records a withdrawal, also against the terms for all, and prints it. Within seconds a running node tells the party nothing more, and takes back what it has set.',
    )
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--token <uid>', 'the driver by the uid of the card or app; "*": the terms for all')
    .requiredOption('--party <party>', 'whom the data may not go to any more, such as NL*SCS', parseParty)
    .action(async ({ config, token, party }: Word) => {
      await using desk = await openAgreements(config);
      printJsonLine(await desk.withdrawConsent({ token, party, purpose: 'smart_charging' }));
    });
}
