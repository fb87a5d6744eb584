import type { Command } from 'commander';
import { machineClock } from '../node/core/machine-clock.ts';
import type { ConsentDetails } from '../node/rights/change-agreements.ts';
import { CONFIG_OPTION, openAgreements } from './configuration.ts';
import { dayAndMinute } from './describe-limit.ts';
import { parseMoment, parseParty } from './option-values.ts';
import { JSON_OPTION, type OutputOptions, printList, printObject } from './print.ts';
import type { Column } from './table.ts';

interface ConsentOptions extends OutputOptions {
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
    .option(...JSON_OPTION)
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
        json = false,
        givenAt: given_at = new Date(machineClock.now()).toISOString(),
      }: ConsentOptions & { textVersion: string; givenAt?: string }) => {
        await using agreements = await openAgreements(config);
        await printObject(await agreements.addConsent({ token, party, purpose: 'smart_charging', text_version, given_at }), { json });
      },
    );
  consents
    .command('list')
    .summary('list all consents')
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .action(async ({ config, json = false }: { config: string } & OutputOptions) => {
      await using agreements = await openAgreements(config);
      await printList(await agreements.consents(), { json }, { columns, none: 'no driver has consented yet; evenkeel consents add records a consent' });
    });
  consents
    .command('withdraw')
    .summary('record that a driver has withdrawn the consent')
    .description(
      'Records a withdrawal and prints it. A withdrawal also overrides the terms for all drivers.\nWithin seconds a running node stops sending the data to the party, and withdraws the profiles that the party has set.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .requiredOption('--token <uid>', 'uid of the driver\'s card or app; "*": the terms for all drivers')
    .requiredOption('--party <party>', 'party that may no longer receive the data, such as NL*SCS', parseParty)
    .action(async ({ config, token, party, json = false }: ConsentOptions) => {
      await using agreements = await openAgreements(config);
      await printObject(await agreements.withdrawConsent({ token, party, purpose: 'smart_charging' }), { json });
    });
}

const columns: readonly Column<ConsentDetails>[] = [
  { title: 'PARTY', text: (it) => it.party },
  { title: 'DRIVER', text: (it) => (it.driver === '*' ? 'all drivers' : it.driver) },
  { title: 'TERMS', text: (it) => it.text_version, shrinks: true },
  { title: 'GIVEN', text: (it) => dayAndMinute(it.given_at) },
  { title: 'WITHDRAWN', text: (it) => (it.withdrawn_at === undefined ? '' : dayAndMinute(it.withdrawn_at)) },
];
