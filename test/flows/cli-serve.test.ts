import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { buildCar, plugInStation, realClock } from '../../sim/index.ts';
import { openEmsp } from '../../sim/partner.ts';
import { amperes, volts } from '../../src/domain/units.ts';
import { Fence } from '../../src/store/fence.ts';
import { openStore } from '../../src/store/open.ts';
import { runCommand, startCommand } from '../command.ts';
import { PASSWORD, writeNodeFile } from '../node-file.ts';

describe('evenkeel serve', { timeout: 60_000 }, () => {
  test('prints its addresses when it is ready, and exits with 0 on SIGTERM', async () => {
    await using file = await writeNodeFile();
    await using node = startCommand(['serve', '--config', file.path]);
    const ready = await node.line(/ready/);
    expect(ready).toContain(`${file.publicUrl}/ocpi/versions`);
    expect(ready).toContain(`ws://127.0.0.1:${file.ocppPort}/ocpp/{id}`);
    expect((await fetch(`${file.publicUrl}/health`)).status).toBe(200);
    node.signal('SIGTERM');
    expect((await node.ended).code).toBe(0);
  });

  test('CON-G01: with --json it prints its addresses as one line of JSON', async () => {
    await using file = await writeNodeFile();
    await using node = startCommand(['serve', '--config', file.path, '--json']);
    const ready: unknown = JSON.parse(await node.line(/ready/));
    const charge_points = `ws://127.0.0.1:${file.ocppPort}/ocpp/{id}`;
    expect(ready).toEqual({ ready: true, ocpi: `${file.publicUrl}/ocpi/versions`, operators: file.publicUrl, charge_points });
    node.signal('SIGTERM');
    const { stdout } = await node.ended;
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  test('a second signal, as npm sends it, does not interrupt the stop', async () => {
    await using file = await writeNodeFile();
    await using node = startCommand(['serve', '--config', file.path]);
    await node.line(/ready/);
    node.signal('SIGINT');
    node.signal('SIGINT');
    const { code, stderr } = await node.ended;
    expect([code, stderr.includes('"event":"stopped"')]).toEqual([0, true]);
  });

  test('R-04: a node whose database another node has taken says so and exits with 1', async () => {
    await using file = await writeNodeFile();
    await using node = startCommand(['serve', '--config', file.path]);
    await node.line(/ready/);
    await using _taken = await openStore(file.database, undefined, { fence: new Fence() });
    const { code, stderr } = await node.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('"event":"store-lost"');
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      /^evenkeel: database: found generation 2, expected 1: another node was started on it, so this node stops writing$/,
    );
  });

  test('SEC-25: the log of a whole exchange is lines of JSON with ids, without secrets at any level', async () => {
    await using file = await writeNodeFile();
    await using node = startCommand(['serve', '--config', file.path, '--log-level', 'debug']);
    await node.line(/ready/);
    const invited = await runCommand('invite', '--json', '--config', file.path, '--role', 'EMSP', '--country-code', 'NL', '--party-id', 'MSP');
    const { token, versions_url } = JSON.parse(invited.stdout);
    const clock = realClock();
    await using emsp = await openEmsp({ clock });
    await emsp.register({ token, versions_url });
    const evse = { evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) } as const;
    await using station = await plugInStation({
      url: `ws://127.0.0.1:${file.ocppPort}/ocpp`,
      id: 'CP001',
      password: PASSWORD,
      version: '1.6',
      evses: [evse],
      clock,
    });
    await station.plugIn(1, { car: buildCar(), idToken: { uid: 'DEADBEEF', type: 'ISO14443' } });
    const session = await emsp.session((it) => it.status === 'ACTIVE');
    const request = await emsp.set(String(session.id), { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] });
    expect(await request.later).toEqual({ result: 'ACCEPTED' });
    node.signal('SIGINT');
    const { stderr } = await node.ended;

    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.filter((it) => it.event === 'station-answered').map((it) => typeof it.exchange)).toEqual(['string']);
    const secrets = [token, emsp.peer().token, PASSWORD, 'DEADBEEF', 'NL-MSP-C0001', new URL(request.responseUrl).pathname];
    expect(secrets.filter((secret) => stderr.includes(secret))).toEqual([]);
  });

  const mistakes: readonly { what: string; part: string; into: string; expected: readonly string[] }[] = [
    { what: 'a role that does not exist', part: 'role: CPO', into: 'role: CPU', expected: [':7: parties.0.role', '"CPU"', 'CPO, EMSP, SCSP'] },
    { what: 'a misspelt key', part: 'public_url', into: 'publik_url', expected: [':2: publik_url', 'allowed are', 'public_url'] },
    {
      what: 'a number out of range',
      part: 'security_profile: 1',
      into: 'security_profile: 4',
      expected: [':8: ocpp.security_profile', 'found 4, must be one of 1, 2, 3'],
    },
    { what: 'invalid YAML', part: 'parties:', into: 'parties: [', expected: ['YAML'] },
    { what: 'http where it is not allowed', part: 'insecure_http: true', into: 'insecure_http: false', expected: [':2: public_url', 'https'] },
    { what: 'a charge point without its password', part: `password: ${PASSWORD}`, into: '', expected: ['charge_points.0.password', 'CP001'] },
  ];
  test.each(mistakes)('a mistake in the file is reported with its line, and nothing starts: $what', async ({ part, into, expected }) => {
    await using file = await writeNodeFile();
    file.change(part, into);
    const { code, stdout, stderr } = await runCommand('serve', '--config', file.path);
    expect([code, stdout]).toEqual([1, '']);
    for (const text of expected) expect(stderr).toContain(text);
    expect(existsSync(file.database)).toBe(false);
  });

  test.each(['listen.port', 'ocpp.port'] as const)('a busy port gives one line that names the option: %s', async (option) => {
    await using file = await writeNodeFile();
    const port = option === 'listen.port' ? file.port : file.ocppPort;
    const otherProgram = createServer().listen(port, '127.0.0.1');
    await once(otherProgram, 'listening');
    const { code, stdout, stderr } = await startCommand(['serve', '--config', file.path]).ended;
    otherProgram.close();
    expect([code, stdout, stderr]).toEqual([1, '', `evenkeel: 127.0.0.1:${port} is in use: choose another with ${option}\n`]);
  });

  test('a missing configuration file gives one line', async () => {
    const { code, stderr } = await runCommand('serve', '--config', '/nowhere/evenkeel.yaml');
    expect(code).toBe(1);
    expect(stderr).toBe('evenkeel: /nowhere/evenkeel.yaml: cannot be read (ENOENT): name the file with --config FILE\n');
  });
});

describe('evenkeel', () => {
  const wrong: readonly [args: readonly string[], expected: string][] = [
    [['serv'], "evenkeel: unknown command 'serv' (Did you mean serve?); see evenkeel --help\n"],
    [['serve'], "evenkeel: required option '--config <file>' not specified; see evenkeel serve --help\n"],
    [['serve', '--config', 'x', '--confg', 'x'], "evenkeel: unknown option '--confg' (Did you mean --config?); see evenkeel serve --help\n"],
    [
      ['demo', '--speed', 'fast'],
      "evenkeel: option '--speed <factor>' argument 'fast' is invalid. Allowed is a factor from 0.1 to 60; see evenkeel demo --help\n",
    ],
    [
      ['demo', '--topology', 'ring'],
      "evenkeel: option '--topology <name>' argument 'ring' is invalid. Allowed choices are emsp, relay, cpo-scsp, all; see evenkeel demo --help\n",
    ],
  ];
  test.each(wrong)('%j prints one line and exits with 2', async (args, expected) => {
    expect(await runCommand(...args)).toEqual({ code: 2, stdout: '', stderr: expected });
  });

  test.each(['demo', 'serve', 'doctor', 'migrate', 'invite', 'register', 'unregister', 'rotate', 'peers'])('%s --help prints its usage', async (name) => {
    const { code, stdout } = await runCommand(name, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: evenkeel ${name}`);
  });
});
