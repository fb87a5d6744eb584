import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ended, pipeCommand, runCommand, runCommandWith } from '../command.ts';
import { commandsIn } from '../help-text.ts';
import { openNodeOf, writeNodeFile } from '../node-file.ts';
import { openApiClient } from '../operator-api.ts';
import { openWorld } from '../world.ts';
import { SITE } from './garage.fixture.ts';

/** Every leaf of the commands, such as `keys add`. */
async function allCommands(): Promise<string[]> {
  const names = commandsIn((await runCommand('--help')).stdout);
  const below = await Promise.all(
    names.map(async (name) => {
      const subcommands = commandsIn((await runCommand(name, '--help')).stdout);
      return subcommands.length === 0 ? [name] : subcommands.map((it) => `${name} ${it}`);
    }),
  );
  return below.flat();
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

/** Without --json no line is JSON, nor is the whole; with it the whole is one value, or each line is one. */
function expectForms(command: string, text: Ended, json: Ended): void {
  const lines = ({ stdout }: Ended) => stdout.split('\n').filter((line) => line.trim() !== '');
  expect([command, [text.stdout, ...lines(text)].filter(isJson)]).toEqual([command, []]);
  expect([command, isJson(json.stdout) || lines(json).every(isJson), json.stdout]).toEqual([command, true, json.stdout]);
}

/** Commands that run until they are stopped, that print help, that draw, or that need an alarm: their tests are elsewhere. */
const ELSEWHERE = ['alarms ack', 'demo', 'evaluate', 'serve', 'watch', 'help', 'profile draw'];

test('CON-G01: every command prints JSON with --json and only then', { timeout: 60_000 }, async () => {
  const tried = new Set<string>();
  await using file = await writeNodeFile();
  const config = ['--config', file.path];
  /** Runs a command without and with --json; `more`: the other arguments of each run. */
  const both = async (
    command: string,
    more: readonly string[] | ((form: 'text' | 'json') => readonly string[]),
    expected: { code?: 1; input?: string } = {},
  ) => {
    tried.add(command);
    const run = (form: 'text' | 'json') =>
      pipeCommand(expected.input ?? '', ...command.split(' '), ...(typeof more === 'function' ? more(form) : more), ...(form === 'json' ? ['--json'] : []));
    const [text, json] = [await run('text'), await run('json')];
    expectForms(command, text, json);
    expect([command, text.code, json.code, json.code === 0 ? json.stderr : '']).toEqual([
      command,
      expected.code ?? 0,
      expected.code ?? 0,
      json.code === 0 ? text.stderr : '',
    ]);
    return json;
  };
  await both('migrate', config);
  await using _node = await openNodeOf(file);
  await both('doctor', config);
  await both('health', config);
  await both('peers', config);
  await both('invite', (form) => [...config, '--role', 'EMSP', '--country-code', 'NL', '--party-id', form === 'text' ? 'MSP' : 'MSQ']);
  await both('peers', config);
  await both('approve', [...config, '--peer', 'NL*MSP', '--party', 'NL*XYZ'], { code: 1 });
  await both('rotate', [...config, '--peer', 'NL*MSP'], { code: 1 });
  await both('register', [...config, '--versions-url', 'http://127.0.0.1:1/versions', '--token', 'x'], { code: 1 });
  await both('unregister', (form) => [...config, '--peer', form === 'text' ? 'NL*MSP' : 'NL*MSQ']);
  await both('tokens claims', config);
  await both('tokens approve', [...config, '--claim', '17'], { code: 1 });
  await both('contracts list', config);
  const ids: string[] = [];
  const idIn = ({ stdout }: Ended) => String(JSON.parse(stdout).id);
  for (const location of ['L1', 'L2'])
    ids.push(idIn(await both('contracts add', (form) => [...config, '--party', 'NL*SCS', '--may', 'see', '--location', `${location}${form}`])));
  await both('contracts list', config);
  await both('contracts end', (form) => [...config, '--id', ids[form === 'text' ? 0 : 1] ?? '']);
  await both('consents list', config);
  await both('consents add', [...config, '--token', 'DEADBEEF', '--party', 'NL*SCS', '--text-version', '1']);
  await both('consents list', config);
  await both('consents withdraw', [...config, '--token', 'DEADBEEF', '--party', 'NL*SCS']);
  await both('halt', ['NL*SCS', ...config]);
  await both('resume', ['NL*SCS', ...config]);
  await both('driver export', [...config, '--token', 'DEADBEEF']);
  await both('driver erase', [...config, '--token', 'DEADBEEF']);
  await both('keys list', config);
  const keys = [
    idIn(await both('keys add', [...config, '--name', 'x', '--scope', 'view'])),
    idIn(await both('keys add', [...config, '--name', 'y', '--scope', 'view'])),
  ];
  await both('keys list', config);
  await both('keys revoke', (form) => [...config, '--id', keys[form === 'text' ? 0 : 1] ?? '']);
  await both('users list', config);
  await both('users add', (form) => [...config, '--name', form, '--role', 'view', '--totp'], { input: 'four words of mine\n' });
  await both('users list', config);
  await both('users password', (form) => [...config, '--name', form], { input: 'five words of my own\n' });
  await both('users remove', (form) => [...config, '--name', form]);
  await both('audit list', config);
  await both('audit verify', config);

  const profile = join(file.folder, 'profile.json');
  writeFileSync(profile, JSON.stringify({ charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 6 }] }));
  await both('profile convert', [profile, '--to', 'W', '--phases', '3', '--voltage', '230']);
  await both('profile compose', [join(import.meta.dirname, '../vectors/composite-ocpp201.jsonl')]);

  for (const { command, text, json } of await runWithSession()) {
    tried.add(command);
    expectForms(command, text, json);
  }
  expect([...tried, ...ELSEWHERE].toSorted()).toEqual((await allCommands()).toSorted());
});

/** The commands that talk to a node, on a node with a site and a running session. */
async function runWithSession(): Promise<{ command: string; text: Ended; json: Ended }[]> {
  await using world = await openWorld({ config: { sites: [SITE] } });
  const emsp = await world.emsp();
  const session = await world.charging(emsp, await world.station('CP-201'));
  const { key } = await openApiClient(world.node());
  const run = (...args: string[]) => runCommandWith({ env: { EVENKEEL_URL: world.node().publicUrl, EVENKEEL_KEY: key } }, ...args);
  const commands: readonly (readonly [command: string, ...args: string[]])[] = [
    ['sessions'],
    ['sessions', '--all'],
    ['set', session, '--limit', '5A', '--for', '15m', '--wait'],
    ['set', 'none', '--limit', '8A'],
    ['get', 'CP-201-1', '--duration', '5m'],
    ['why', 'CP-201'],
    ['clear', session, '--wait'],
    ['exchanges'],
    ['exchange', await newestExchange(run)],
    ['stations'],
    ['evidence', session],
    ['shadow report'],
    ['sites list'],
    ['sites day', 'garage'],
    ['sites limit', 'garage', '15A'],
    ['sites lift', 'garage'],
  ];
  const ran = [];
  for (const [command, ...args] of commands) {
    const words = [...command.split(' '), ...args];
    ran.push({ command, text: await run(...words), json: await run(...words, '--json') });
  }
  return ran;
}

async function newestExchange(run: (...args: string[]) => Promise<Ended>): Promise<string> {
  await run('get', 'CP-201');
  const [line = ''] = (await run('exchanges', '--json')).stdout.split('\n');
  return String(JSON.parse(line).id);
}
