import { Command, CommanderError } from 'commander';
import { addAlarmsCommand } from './alarms.ts';
import { addApproveCommand } from './approve.ts';
import { addAuditCommand } from './audit.ts';
import { addClearCommand } from './clear.ts';
import { addConsentsCommand } from './consents.ts';
import { addContractsCommand } from './contracts.ts';
import { addDemoCommand } from './demo.ts';
import { addDoctorCommand } from './doctor.ts';
import { addDriverCommand } from './driver.ts';
import { addEvaluateCommand } from './evaluate.ts';
import { addEvidenceCommand } from './evidence.ts';
import { addExchangeCommand } from './exchange.ts';
import { addExchangesCommand } from './exchanges.ts';
import { addGetCommand } from './get.ts';
import { addHaltCommands } from './halt.ts';
import { addHealthCommand } from './health.ts';
import { addHelpCommand } from './help.ts';
import { addInviteCommand } from './invite.ts';
import { addKeysCommand } from './keys.ts';
import { addMigrateCommand } from './migrate.ts';
import { CliError } from './output.ts';
import { addPeersCommand } from './peers.ts';
import { addProfileCommand } from './profile.ts';
import { addRegisterCommand } from './register.ts';
import { addRotateCommand } from './rotate.ts';
import { addServeCommand } from './serve.ts';
import { addSessionsCommand } from './sessions.ts';
import { addSetCommand } from './set.ts';
import { addShadowCommand } from './shadow.ts';
import { addSitesCommand } from './sites.ts';
import { addStationsCommand } from './stations.ts';
import { type Terminal, terminal, withTerminal } from './terminal.ts';
import { addTokensCommand } from './tokens.ts';
import { addUnregisterCommand } from './unregister.ts';
import { addUsersCommand } from './users.ts';
import { addWatchCommand } from './watch.ts';
import { addWhyCommand } from './why.ts';

/** Runs one command and returns its exit code. 0: success; 1: the command failed; 2: wrong arguments. */
export function runCommandLine(args: readonly string[], at: Terminal): Promise<number> {
  return withTerminal(at, async () => {
    try {
      await commandsFor(args).parseAsync(args, { from: 'user' });
      return 0;
    } catch (error) {
      return exitCodeOf(error);
    }
  });
}

function commandsFor(args: readonly string[]): Command {
  const { stdout, stderr } = terminal();
  const program = new Command('evenkeel')
    .description('The open node for smart charging over OCPI: charging profiles from an eMSP to a charge point, and the answer back.')
    .version('0.1.0', '--version', 'print the version')
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .addHelpText(
      'after',
      '\nevenkeel help COMMAND, or evenkeel COMMAND --help, shows the options of a command.\nEvery command that prints data takes --json; without it nothing prints JSON.\nExit code: 0 success; 1 the command failed or was refused; 2 wrong arguments.',
    )
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: (text, write) => write(usageLine(text, commandPath(program, args))),
    })
    .exitOverride();
  addCommands(program);
  // `evenkeel help` serves groups of commands as well.
  for (const command of program.commands) command.helpCommand(false);
  return program;
}

function addCommands(program: Command): void {
  program.commandsGroup('Start here:');
  addDemoCommand(program);
  addHelpCommand(program);
  program.commandsGroup('Node:');
  addServeCommand(program);
  addDoctorCommand(program);
  addMigrateCommand(program);
  addHealthCommand(program);
  program.commandsGroup('Peers:');
  addInviteCommand(program);
  addRegisterCommand(program);
  addPeersCommand(program);
  addApproveCommand(program);
  addTokensCommand(program);
  addRotateCommand(program);
  addUnregisterCommand(program);
  program.commandsGroup('Rights of other parties:');
  addContractsCommand(program);
  addConsentsCommand(program);
  addHaltCommands(program);
  program.commandsGroup('Sessions and charge points:');
  addSessionsCommand(program);
  addSetCommand(program);
  addGetCommand(program);
  addWhyCommand(program);
  addClearCommand(program);
  addWatchCommand(program);
  addAlarmsCommand(program);
  addExchangesCommand(program);
  addExchangeCommand(program);
  addStationsCommand(program);
  addSitesCommand(program);
  addEvidenceCommand(program);
  addShadowCommand(program);
  program.commandsGroup('Operators, audit and drivers:');
  addUsersCommand(program);
  addKeysCommand(program);
  addAuditCommand(program);
  addDriverCommand(program);
  program.commandsGroup('Without a node:');
  addProfileCommand(program);
  addEvaluateCommand(program);
}

/** Turns an error text of Commander into one line that names the help to read. */
function usageLine(text: string, path: readonly string[]): string {
  const problem = text
    .trim()
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .replaceAll('\n', ' ');
  return `evenkeel: ${problem}; see ${['evenkeel', ...path, '--help'].join(' ')}\n`;
}

/** The names of command and subcommand at the start of the arguments, such as `keys add`. */
function commandPath(program: Command, args: readonly string[]): readonly string[] {
  const command = program.commands.find((it) => it.name() === args[0]);
  const subcommand = command?.commands.find((it) => it.name() === args[1]);
  return [command, subcommand].flatMap((it) => it?.name() ?? []);
}

/** Prints an error and returns the exit code. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // Commander has printed its message already
  const message = error instanceof Error ? error.message : String(error);
  for (const line of message === '' ? [] : message.split('\n')) terminal().stderr.write(`evenkeel: ${line}\n`);
  return error instanceof CliError ? error.exitCode : 1;
}
