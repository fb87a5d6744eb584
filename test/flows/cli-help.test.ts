import { expect, test } from 'vitest';
import { runCommand } from '../command.ts';
import { commandsIn } from '../help-text.ts';

/** All commands and the subcommands of each. */
async function allCommands(): Promise<string[][]> {
  const names = commandsIn((await runCommand('--help')).stdout);
  const below = await Promise.all(names.map(async (name) => commandsIn((await runCommand(name, '--help')).stdout).map((sub) => [name, sub])));
  return [...names.map((name) => [name]), ...below.flat()];
}

test('F-79: each command shows its help and does nothing else, and refuses an unknown option and a word too many', async () => {
  const commands = await allCommands();
  expect(commands.length).toBeGreaterThan(40);
  for (const command of commands) {
    const help = await runCommand(...command, '--help');
    expect([command, help.code, help.stderr]).toEqual([command, 0, '']);
    expect(help.stdout).toMatch(new RegExp(`^Usage: evenkeel ${command.join(' ')} .*\n[^]*--help +show this help`));
    const unknown = await runCommand(...command, '--nonsense');
    expect([command, unknown.code, unknown.stdout]).toEqual([command, 2, '']);
    expect(unknown.stderr).toMatch(/^evenkeel: [^\n]*(--nonsense|missing required argument|required option)[^\n]*; see evenkeel [a-z ]+--help\n$/);
  }
  for (const command of [['stations'], ['sessions'], ['peers'], ['doctor'], ['serve'], ['demo']]) {
    const extra = await runCommand(...command, 'too', 'many');
    expect([command, extra.code]).toEqual([command, 2]);
  }
  for (const group of [[], ['keys'], ['contracts'], ['profile']]) expect([group, (await runCommand(...group, 'nonsense')).code]).toEqual([group, 2]);
});

test('CON-G05: help COMMAND is the same as COMMAND --help, also for a command in a group; an unknown one is refused with those that exist', async () => {
  for (const command of [[], ['set'], ['keys'], ['keys', 'add']])
    expect([command, await runCommand('help', ...command)]).toEqual([command, await runCommand(...command, '--help')]);
  expect(await runCommand('help', 'keys', 'ad')).toEqual({ code: 2, stdout: '', stderr: 'evenkeel: found "ad", allowed is one of add, list, revoke\n' });
  expect((await runCommand('--help')).stdout).toContain('Exit code: 0 success; 1 the command failed or was refused; 2 wrong arguments.');
});
