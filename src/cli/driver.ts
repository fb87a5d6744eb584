import { type Command, Option } from 'commander';
import type { DriverReference } from '../node/offline/drivers.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { printJsonLine } from './json-line.ts';
import { CliError, valueOrThrow } from './output.ts';

interface Named {
  config: string;
  token?: string;
  driver?: string;
}

/** `driver`: shows or erases what a node holds of one driver. */
export function addDriverCommand(program: Command): void {
  const driver = program
    .command('driver')
    .summary('show or erase what the node holds of a driver')
    .description('What a driver may ask of whoever holds data of theirs: to see them, and to have them erased. Both work beside a running node.');
  naming(driver.command('export'))
    .summary('print everything of a driver')
    .description('Prints a line of JSON for each session, each request about its profile, and each consent: {"kind":…,"driver":…,…}.')
    .action(async (named: Named) => {
      const whose = whoseOf(named);
      await using drivers = await openDesk(named.config);
      for await (const line of drivers.export(whose)) printJsonLine(line);
    });
  naming(driver.command('erase'))
    .summary('make what is held of a driver unreadable, for good')
    .description(
      'Deletes the key of a driver: in the database and in all copies of it nothing says any more who it was. Energy, times and costs stay, and so do consents, under a name that says nothing. Prints {"driver":…,"erased":…,"sessions":…,"consents":…,"in_configuration":…}.',
    )
    .action(async (named: Named) => {
      const whose = whoseOf(named);
      await using drivers = await openDesk(named.config);
      printJsonLine(valueOrThrow(await drivers.erase(whose)));
    });
}

const naming = (command: Command): Command =>
  command
    .requiredOption(...CONFIG_OPTION)
    .addOption(new Option('--token <uid>', 'the driver who shows this token').conflicts('driver'))
    .addOption(new Option('--driver <id>', 'the driver of this name, as export shows it'));

/** A name as the store makes them. */
const NAME = /^[0-9A-Fa-f]{36}$/;

function whoseOf({ token, driver }: Named): DriverReference {
  if (token !== undefined) return { token };
  if (driver === undefined) throw new CliError('name the driver with --token UID or --driver ID', 2);
  if (!NAME.test(driver)) throw new CliError('--driver: allowed are the 36 hexadecimal digits that driver export shows', 2);
  return { driver };
}

async function openDesk(config: string) {
  const settings = await readConfiguration(config);
  const { openDrivers } = await import('../node/offline/drivers.ts');
  return openDrivers(settings);
}
