import type { Command } from 'commander';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { printJsonLine } from './output.ts';
import { JSON_OPTION, type OutputOptions } from './print.ts';
import { terminal } from './terminal.ts';

/** `migrate`: changes the tables of a database to the shape of this release. */
export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .summary('bring the database to the shape of this release')
    .description(
      'Changes the tables of a database that an earlier release wrote, or creates the tables of a new one. The start of a node does the same; this command does it without starting one.\nNo node may run on the database. Prints its progress. After an interruption, run it again: it continues.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .option('--keep-key', 'let a new database use the key file and the drivers’ keys of an earlier one')
    .option('--new-vault', 'the drivers’ keys are lost: begin with new ones; drivers in the database read as erased')
    .action(async ({ config, keepKey = false, newVault = false, json }: { config: string; keepKey?: boolean; newVault?: boolean } & OutputOptions) => {
      const settings = await readConfiguration(config);
      const { migrateStore } = await import('../node/offline/migrate.ts');
      const shape = await migrateStore(settings, {
        keepKey,
        newVault,
        progress: (step) => {
          if (json) return printJsonLine(step);
          const { shape, of, statement, statements, rows, of_rows } = step;
          const done = rows === undefined ? '' : `, row ${rows} of ${of_rows}`;
          return void terminal().stdout.write(`shape ${shape} of ${of}: statement ${statement} of ${statements}${done}\n`);
        },
      });
      if (json) printJsonLine({ shape });
      else terminal().stdout.write(`the database has shape ${shape}\n`);
    });
}
