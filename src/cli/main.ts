import { enableCompileCache } from 'node:module';
import { Command, CommanderError } from 'commander';
import { addApproveCommand } from './approve.ts';
import { addAuditCommand } from './audit.ts';
import { addClearCommand } from './clear.ts';
import { addConsentsCommand } from './consents.ts';
import { addContractsCommand } from './contracts.ts';
import { addDemoCommand } from './demo.ts';
import { addDoctorCommand } from './doctor.ts';
import { addDriverCommand } from './driver.ts';
import { addExchangesCommand } from './exchanges.ts';
import { addGetCommand } from './get.ts';
import { addHaltCommands } from './halt.ts';
import { addInviteCommand } from './invite.ts';
import { addKeysCommand } from './keys.ts';
import { CliError } from './output.ts';
import { addPeersCommand } from './peers.ts';
import { addProfileCommand } from './profile.ts';
import { addRegisterCommand } from './register.ts';
import { addRotateCommand } from './rotate.ts';
import { addServeCommand } from './serve.ts';
import { addSessionsCommand } from './sessions.ts';
import { addSetCommand } from './set.ts';
import { addSitesCommand } from './sites.ts';
import { addStationsCommand } from './stations.ts';
import { addUnregisterCommand } from './unregister.ts';
import { addUsersCommand } from './users.ts';
import { addWatchCommand } from './watch.ts';

// A start is mostly spent on reading the libraries: from the second one on they are read in compiled form.
enableCompileCache();

const program = new Command('evenkeel')
  .description('The open node for smart charging over OCPI: charging profiles from an eMSP to a charge point, and the answer back.')
  .version('0.1.0', '--version', 'print the version')
  .helpOption('--help', 'say what there is')
  .helpCommand(false)
  .showSuggestionAfterError(true)
  .configureOutput({ outputError: (text, write) => write(usageLine(text)) })
  .exitOverride();

program.commandsGroup('To begin with:');
addDemoCommand(program);
program.commandsGroup('A node:');
addServeCommand(program);
addDoctorCommand(program);
program.commandsGroup('Its peers:');
addInviteCommand(program);
addRegisterCommand(program);
addPeersCommand(program);
addApproveCommand(program);
addRotateCommand(program);
addUnregisterCommand(program);
program.commandsGroup('Who may steer:');
addContractsCommand(program);
addConsentsCommand(program);
addHaltCommands(program);
program.commandsGroup('What it does:');
addSessionsCommand(program);
addSetCommand(program);
addGetCommand(program);
addClearCommand(program);
addWatchCommand(program);
addExchangesCommand(program);
addStationsCommand(program);
addSitesCommand(program);
program.commandsGroup('Who may come in:');
addUsersCommand(program);
addKeysCommand(program);
addAuditCommand(program);
addDriverCommand(program);
program.commandsGroup('Without a node:');
addProfileCommand(program);

/** One line: what is wrong, and where to read what is right. */
function usageLine(text: string): string {
  const said = text
    .trim()
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .replaceAll('\n', ' ');
  const named = program.commands.find((it) => it.name() === process.argv[2])?.name();
  return `evenkeel: ${said}; see evenkeel ${named ? `${named} ` : ''}--help\n`;
}

/** 0: done; 1: it could not be done; 2: it was not asked for rightly. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // its own words are printed already
  const lines = (error instanceof Error ? error.message : String(error)).split('\n');
  for (const line of lines) process.stderr.write(`evenkeel: ${line}\n`);
  return error instanceof CliError ? error.exitCode : 1;
}

process.stdout.on('error', () => process.exit(0)); // whoever read along, such as head, has read enough
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
// A command that returned has closed what it opened; libraries may keep a socket warm, which is no reason to stay.
process.exit();
