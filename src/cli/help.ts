import type { Command } from 'commander';
import { CliError } from './output.ts';

/** `help`: shows the help of the program, of a command or of its subcommand; the same as --help. */
export function addHelpCommand(program: Command): void {
  program
    .command('help')
    .argument('[command...]', 'the command, such as set or keys add')
    .summary('show the help of a command')
    .description('Shows the help of a command: evenkeel help set is the same as evenkeel set --help.')
    .action((names: readonly string[]) => commandNamed(program, names).outputHelp());
}

function commandNamed(program: Command, names: readonly string[]): Command {
  let found = program;
  for (const name of names) {
    const next = found.commands.find((it) => it.name() === name);
    if (!next) throw new CliError(`found ${JSON.stringify(name)}, allowed is one of ${found.commands.map((it) => it.name()).join(', ') || 'nothing'}`, 2);
    found = next;
  }
  return found;
}
