import { type Command, Option } from 'commander';
import type { DriverReference } from '../node/offline/drivers.ts';
import { CONFIG_OPTION, openDrivers } from './configuration.ts';
import { CliError, printJsonLine, valueOrThrow } from './output.ts';
import { factLines, factsOf, JSON_OPTION, type OutputOptions, printObject } from './print.ts';

interface DriverOptions extends OutputOptions {
  config: string;
  token?: string;
  driver?: string;
}

/** `driver`: exports or erases the data of one driver. */
export function addDriverCommand(program: Command): void {
  const driver = program
    .command('driver')
    .summary('export or erase the data of a driver')
    .description('For requests of drivers about their own data: access and erasure. Both commands work beside a running node.');
  withDriverOptions(driver.command('export'))
    .summary('print all data of a driver')
    .description(
      'Prints each consent, token, session, and request about a charging profile of the driver; with --json one line of JSON for each.\n"driver" is the pseudonym in the database.',
    )
    .action(async (options: DriverOptions) => {
      const reference = referenceOf(options);
      await using drivers = await openDrivers(options.config);
      const { printLines } = await import('./table.ts');
      for await (const line of drivers.export(reference)) {
        if (options.json) printJsonLine(line);
        else printLines([...factLines(factsOf(line)), '']);
      }
    });
  withDriverOptions(driver.command('erase'))
    .summary('make the identity of a driver unreadable, for good')
    .description(
      "Deletes the driver's key. After that nobody can read who the driver was, neither in the database nor in copies of it.\nEnergy, times and costs stay, and consents stay under the pseudonym.\nPrints what was erased, and whether the configuration file still names the driver.",
    )
    .action(async (options: DriverOptions) => {
      const reference = referenceOf(options);
      await using drivers = await openDrivers(options.config);
      await printObject(valueOrThrow(await drivers.erase(reference)), { json: options.json === true });
    });
}

const withDriverOptions = (command: Command): Command =>
  command
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .addOption(new Option('--token <uid>', 'the driver with this token').conflicts('driver'))
    .addOption(new Option('--driver <id>', 'the driver with this pseudonym, as driver export shows it'));

/** The form of the pseudonyms that the store makes. */
const PSEUDONYM = /^[0-9A-Fa-f]{36}$/;

function referenceOf({ token, driver }: DriverOptions): DriverReference {
  if (token !== undefined) return { token };
  if (driver === undefined) throw new CliError('no driver was named: give --token UID or --driver ID', 2);
  if (!PSEUDONYM.test(driver)) throw new CliError('--driver: allowed are the 36 hexadecimal digits that evenkeel driver export shows', 2);
  return { driver };
}
