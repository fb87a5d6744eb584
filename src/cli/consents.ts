import type { Command } from 'commander';
import { machineClock } from '../node/core/machine-clock.ts';
import { CONFIG_OPTION, openAgreements } from './configuration.ts';
import { parseMoment, parseParty } from './option-values.ts';
import { printJsonLine } from './output.ts';

interface ConsentOptions {
  config: string;
  party: string;
  token: string;
}

/** `consents`: records and lists the consents of drivers. */
export function addConsentsCommand(program: Command): void {
  const consents = program
    .command('consents')
    .summary('record and list the consents of drivers')
    .description(
      'A consent allows this node to send data of a driver to a party that steers sessions.\nThe choice of one driver has priority over the terms for all drivers ("*"). The database stores drivers by pseudonym.',
    );
  consents
    .command('add')
    .summary('record a consent')
    .description('Records that a driver has consented, and prints the consent.')
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--token <uid>', 'uid of the driver\'s card or app; "*": all drivers, by the terms of their contract')
    .requiredOption('--party <party>', 'party that may receive the data, such as NL*SCS', parseParty)
    .requiredOption('--text-version <version>', 'version of the terms that the driver agreed to')
    .option('--given-at <moment>', 'time of the consent, such as 2030-01-01T00:00:00Z (default: now)', parseMoment)
    .action(
      async ({
        config,
        token,
        party,
        textVersion: text_version,
        givenAt: given_at = new Date(machineClock.now()).toISOString(),
      }: ConsentOptions & { textVersion: string; givenAt?: string }) => {
        await using agreements = await openAgreements(config);
        printJsonLine(await agreements.addConsent({ token, party, purpose: 'smart_charging', text_version, given_at }));
      },
    );
  consents
    .command('list')
    .summary('list all consents')
    .requiredOption(...CONFIG_OPTION)
    .action(async ({ config }: { config: string }) => {
      await using agreements = await openAgreements(config);
      for (const consent of await agreements.consents()) printJsonLine(consent);
    });
  consents
    .command('withdraw')
    .summary('record that a driver has withdrawn the consent')
    .description(
      'Records a withdrawal and prints it. A withdrawal also overrides the terms for all drivers.\nWithin seconds a running node stops sending the data to the party, and withdraws the profiles that the party has set.',
    )
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--token <uid>', 'uid of the driver\'s card or app; "*": the terms for all drivers')
    .requiredOption('--party <party>', 'party that may no longer receive the data, such as NL*SCS', parseParty)
    .action(async ({ config, token, party }: ConsentOptions) => {
      await using agreements = await openAgreements(config);
      printJsonLine(await agreements.withdrawConsent({ token, party, purpose: 'smart_charging' }));
    });
}
