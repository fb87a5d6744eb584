import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { writeDemoAccess } from '../../src/cli/demo-access.ts';
import type { Node } from '../../src/node/node.ts';
import { type Ended, runCommand, runCommandWith, startCommand } from '../command.ts';
import { locationUrl, openEmspWorld, remoteEvse, remoteLocation, remoteSession } from '../emsp-world.ts';
import { openNodeOf, writeNodeFile } from '../node-file.ts';
import { apiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { freshPostgres } from '../set-up/fresh-postgres.ts';
import { openWorld, stores } from '../world.ts';

/** A folder for temporary files without the access file of a demo. */
const empty = mkdtempSync(join(tmpdir(), 'evenkeel-operator-'));
beforeAll(() => void vi.stubEnv('TMPDIR', empty));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(empty, { recursive: true });
});

interface Shell {
  env: Readonly<Record<string, string>>;
  run(...args: readonly string[]): Promise<Ended>;
  start(...args: readonly string[]): ReturnType<typeof startCommand>;
}

/** A shell whose environment names a node. */
async function openShell(node: Node, scope: 'view' | 'operate' = 'operate'): Promise<Shell> {
  const { key } = await node.keys.add({ name: 'a shell', scope });
  return shellWith({ EVENKEEL_URL: node.publicUrl, EVENKEEL_KEY: key });
}
function shellWith(env: Readonly<Record<string, string>>): Shell {
  return {
    env,
    start: (...args) => startCommand(args, env),
    run: (...args) => runCommandWith({ env }, ...args),
  };
}

const linesOf = ({ stdout }: Ended) => stdout.split('\n').slice(0, -1);
const jsonOf = (ended: Ended): Record<string, unknown>[] => linesOf(ended).map((line) => JSON.parse(line));

/** The command failed with one line on standard error and nothing on standard output. */
function expectOneLine(ended: Ended, code: number, expected: RegExp): void {
  expect([ended.code, ended.stdout]).toEqual([code, '']);
  expect(ended.stderr).toMatch(/^evenkeel: [^\n]+\n$/);
  expect(ended.stderr).toMatch(expected);
}

describe('steering from a shell', () => {
  test('sessions, set, get, exchanges and clear work on a running session, in lines of at most 80 characters', async () => {
    await using world = await openWorld();
    const emsp = await world.emsp();
    const station = await world.station('CP-201');
    const session = await world.charging(emsp, station);
    const label = `session ${session} at CP-201-1 (NL*EVK*${session.toUpperCase()})`;
    const shell = await openShell(world.node());

    const listed = linesOf(await shell.run('sessions'));
    expect(listed[0]).toMatch(/^SESSION +STATUS +EVSE +KWH +COST +LIMIT$/);
    expect(listed[1]).toMatch(new RegExp(`^${session} +ACTIVE +CP-201-1 `));

    const set = await shell.run('set', session, '--limit', '8A', '--for', '15m', '--wait');
    expect([set.code, set.stdout, set.stderr]).toEqual([0, `8 A for 15 min on ${label}: ACCEPTED\n`, '']);
    expect(station.installed()).toHaveLength(1);
    expect(linesOf(await shell.run('sessions'))[1]).toMatch(/ 8 A · a/);

    const got = linesOf(await shell.run('get', session, '--duration', '5m'));
    expect(got[0]).toBe(`active profile of ${label}: ACCEPTED`);
    expect(got[2]).toMatch(/^\d\d:\d\d:\d\d +8 A$/);

    const cleared = await shell.run('clear', session, '--wait', '30');
    expect([cleared.code, cleared.stdout]).toEqual([0, `clear of ${label}: ACCEPTED\n`]);
    expect(station.installed()).toHaveLength(0);

    const exchanges = linesOf(await shell.run('exchanges'));
    expect(exchanges.map((line) => line.split(/ +/)[1])).toEqual(['REQUEST', 'clear', 'get', 'set']);
    expect(linesOf(await shell.run('stations'))[2]).toMatch(/^CP-201 +yes +2\.0\.1 +yes +CP-201-1 /);
    for (const line of [...listed, ...got.slice(1), ...exchanges]) {
      expect(line.length).toBeLessThanOrEqual(80);
      expect(line).not.toContain('\u001b');
    }
  });

  test('--json prints the answer of the API, one object per line', async () => {
    await using world = await openEmspWorld();
    const cpo = await world.cpo();
    for (const id of ['S1', 'S2']) await cpo.put(remoteSession(id));
    await cpo.put(remoteSession('S3', { status: 'COMPLETED' }));
    const shell = await openShell(world.node());
    expect(jsonOf(await shell.run('sessions', '--json'))).toMatchObject([{ key: 'NL*CPO*S2' }, { key: 'NL*CPO*S1' }]);
    expect(jsonOf(await shell.run('sessions', '--all', '--json'))).toHaveLength(3);
    expect(jsonOf(await shell.run('sessions', '--status', 'COMPLETED', '--json'))).toMatchObject([{ key: 'NL*CPO*S3' }]);
    expect(jsonOf(await shell.run('set', 'S1', '--limit', '7.4kW', '--wait', '--reason', 'two words', '--json'))).toMatchObject([
      {
        kind: 'set',
        outcome: 'ACCEPTED',
        given_reason: 'two words',
        charging_profile: { charging_rate_unit: 'W', charging_profile_period: [{ limit: 7_400 }] },
      },
    ]);
    expect(jsonOf(await shell.run('exchanges', '--session', 'S1', '--json'))).toMatchObject([{ session: 'NL*CPO*S1' }]);
    expect(jsonOf(await shell.run('stations', '--json'))).toEqual([]);
  });

  test('--profile reads a whole profile from a file', async () => {
    await using world = await openEmspWorld();
    const cpo = await world.cpo();
    await cpo.put(remoteSession('S1'));
    const shell = await openShell(world.node());
    const file = join(empty, 'profile.json');
    const profile = {
      ...upTo(6),
      charging_profile_period: [
        { start_period: 0, limit: 6 },
        { start_period: 600, limit: 16 },
      ],
    };
    writeFileSync(file, JSON.stringify(profile));
    const { code, stdout } = await shell.run('set', 'S1', '--profile', file);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^profile on session S1 at \S+ \(NL\*CPO\*S1\): sent, exchange [\w-]{36}\n$/)]);
    await world.firstStep('outcome');
    expect(cpo.profileRequests.at(-1)?.body).toMatchObject({ charging_profile: profile });
  });

  test('an outcome other than ACCEPTED is an error that names it', async () => {
    await using world = await openEmspWorld();
    const cpo = await world.cpo({ profileAnswers: { PUT: { answer: 'NOT_SUPPORTED' }, DELETE: { later: { result: 'UNKNOWN' } } } });
    await cpo.put(remoteSession('S1'));
    const shell = await openShell(world.node());
    expectOneLine(await shell.run('set', 'S1', '--limit', '8A', '--wait'), 1, /8 A on session S1 at .*: NOT_SUPPORTED/);
    expectOneLine(await shell.run('clear', 'S1', '--wait'), 1, /clear of session S1 at .*: UNKNOWN.*had no profile/);
  });
});

describe('CON-G02: set, get, why and clear take an EVSE or a charge point with one running session, and say which session they took', () => {
  test('at charge points of this node', async () => {
    await using world = await openWorld();
    const emsp = await world.emsp();
    const session = await world.charging(emsp, await world.station('CP-201'));
    await world.station('CP-16');
    const label = `session ${session} at CP-201-1 (NL*EVK*${session.toUpperCase()})`;
    const shell = await openShell(world.node());
    expect(await shell.run('set', 'cp-201-1', '--limit', '5A', '--until', '2000-01-01T00:00:00Z')).toMatchObject({ code: 2 });
    const until = new Date(Date.now() + 3_600_000);
    const clock = until.toTimeString().slice(0, 5);
    expect(await shell.run('set', 'cp-201-1', '--limit', '5A', '--until', clock, '--wait')).toEqual({
      code: 0,
      stdout: `5 A until ${clock} on ${label}: ACCEPTED\n`,
      stderr: 'evenkeel: below 6 A per phase most cars pause\n',
    });
    expect((await shell.run('get', 'CP-201')).stdout).toContain(`active profile of ${label}: ACCEPTED\n`);
    expect((await shell.run('why', 'CP-201-1')).stdout).toContain(`${label}: `);
    expect((await shell.run('exchanges', '--session', 'CP-201')).stdout).toContain(' set ');
    expect(await shell.run('clear', 'CP-201', '--wait')).toEqual({ code: 0, stdout: `clear of ${label}: ACCEPTED\n`, stderr: '' });
    expectOneLine(await shell.run('clear', 'CP-16'), 1, /no session runs at charge point CP-16 now/);
    expectOneLine(await shell.run('clear', 'cp-16-1'), 1, /no session runs at EVSE CP-16-1 now/);
    const { status, body } = await apiClient(world.node().publicUrl, shell.env.EVENKEEL_KEY ?? '').request('GET named-session?name=cp-201');
    expect([status, body.key]).toEqual([200, `NL*EVK*${session.toUpperCase()}`]);
  });

  test('at an EVSE of another platform, by its EVSE ID; several sessions are listed', async () => {
    await using world = await openEmspWorld();
    const cpo = await world.cpo();
    const location = remoteLocation('LOC1', { evses: [remoteEvse('UID-1', { evse_id: 'NL*CPO*E77' })] });
    expect((await cpo.send({ method: 'PUT', url: locationUrl(cpo, 'LOC1'), body: location })).envelope.status_code).toBe(1000);
    for (const id of ['S1', 'S2']) await cpo.put(remoteSession(id, { evse_uid: 'UID-1' }));
    const shell = await openShell(world.node());
    expectOneLine(
      await shell.run('set', 'uid-1', '--limit', '8A'),
      1,
      /"uid-1" can mean 2 sessions: S1 at UID-1 \(NL\*CPO\*S1\), S2 at UID-1 \(NL\*CPO\*S2\); use the key in parentheses/,
    );
    await cpo.put(remoteSession('S2', { evse_uid: 'UID-1', status: 'COMPLETED' }));
    expect(await shell.run('set', 'uid-1', '--limit', '8A', '--wait')).toMatchObject({ code: 0, stdout: '8 A on session S1 at UID-1 (NL*CPO*S1): ACCEPTED\n' });
    expect(await shell.run('clear', 'nl*cpo*e77', '--wait')).toMatchObject({ code: 0, stdout: 'clear of session S1 at UID-1 (NL*CPO*S1): ACCEPTED\n' });
  });
});

describe('watch', () => {
  test('prints events, continues after a restart of the node, and exits with 0 on Ctrl-C', async () => {
    await using world = await openEmspWorld();
    const cpo = await world.cpo();
    const shell = await openShell(world.node(), 'view');
    await using json = shell.start('watch', '--json');
    await using lines = shell.start('watch');
    const both = async (what: RegExp, put: () => Promise<unknown>) => {
      // the stream is known to be open only after its first line
      for (let found = false; !found; ) {
        await put();
        found = await Promise.race([Promise.all([json.line(what), lines.line(what)]).then(() => true), cpo.put(remoteSession('TICK')).then(() => false)]);
      }
    };
    await both(/NL\*CPO\*S1/, () => cpo.put(remoteSession('S1')));
    await world.stop();
    await world.start();
    await both(/NL\*CPO\*S2/, () => cpo.put(remoteSession('S2')));
    expect(lines.lines()[0]).toMatch(/^\d\d:\d\d:\d\d {2}NL\*CPO\*\w+ {2}ACTIVE, 1\.00 kWh$/);
    const ids = json.lines().map((line) => Number(JSON.parse(line).id));
    expect(ids).toEqual(ids.map((_, n) => (ids[0] ?? 0) + n));
    for (const command of [json, lines]) {
      command.signal('SIGINT');
      expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
    }
  });
});

describe('one line of error and a non-zero exit code', () => {
  test('for an unknown session, and for a key without the needed scope', async () => {
    await using world = await openWorld();
    const shell = await openShell(world.node());
    for (const command of [
      ['set', 'NONE', '--limit', '8A'],
      ['get', 'NONE'],
      ['clear', 'NONE'],
      ['why', 'NONE'],
      ['exchanges', '--session', 'NONE'],
    ])
      expectOneLine(await shell.run(...command), 1, /no session "NONE".*searched: .*EVSEs.*evenkeel sessions --all lists/);
    const emsp = await world.emsp();
    const session = await world.charging(emsp, await world.station('CP-201'));
    const viewer = await openShell(world.node(), 'view');
    expectOneLine(await viewer.run('set', session, '--limit', '8A'), 1, /scope of this key is view.*--scope operate/);
    expectOneLine(await shellWith({ ...shell.env, EVENKEEL_KEY: 'evk_wrong' }).run('sessions'), 1, /does not know this key: make one with evenkeel keys add/);
  });

  test('for a wrong unit, a wrong span and missing options', async () => {
    const shell = shellWith({ EVENKEEL_URL: 'http://127.0.0.1:1', EVENKEEL_KEY: 'evk_x' });
    expectOneLine(await shell.run('set', 'S1', '--limit', '8kA'), 2, /'8kA' is invalid.*8A, 7\.4kW, 1840W/);
    expectOneLine(await shell.run('set', 'S1', '--limit', '8'), 2, /a number with a unit/);
    expectOneLine(await shell.run('set', 'S1', '--limit', '8A', '--for', '15'), 2, /90s, 15m, 2h/);
    expectOneLine(await shell.run('set', 'S1'), 2, /needs --limit/);
    expectOneLine(await shell.run('set'), 2, /missing required argument 'session'/);
    expectOneLine(await shell.run('set', 'S1', '--profile', join(empty, 'absent.json')), 2, /absent\.json cannot be read \(ENOENT\)/);
    expectOneLine(await shell.run('sessions', '--url', 'localhost'), 2, /--url: found "localhost"/);
  });

  test('for a node that is not running, however it was named', async () => {
    const stopped = shellWith({ EVENKEEL_URL: 'http://127.0.0.1:1', EVENKEEL_KEY: 'evk_x' });
    for (const command of [['sessions'], ['set', 'S1', '--limit', '8A', '--wait'], ['watch'], ['watch', '--json']])
      expectOneLine(await stopped.run(...command), 1, /no node answers at http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\): start the node with evenkeel serve/);
    expectOneLine(await shellWith({}).run('sessions'), 1, /no node was named.*evenkeel demo/);
    expectOneLine(await shellWith({ EVENKEEL_URL: 'http://127.0.0.1:1' }).run('sessions'), 2, /no API key for.*evenkeel keys add/);
  });

  test('for a server that is not an evenkeel node', async () => {
    await using world = await openEmspWorld();
    const cpo = await world.cpo();
    expectOneLine(await shellWith({ EVENKEEL_URL: new URL(cpo.versionsUrl).origin, EVENKEEL_KEY: 'evk_x' }).run('sessions'), 1, /is not an evenkeel node/);
  });
});

describe('how a command finds its node', () => {
  test('a running demo of the same user is found; when it has ended, the error says so', async () => {
    await using world = await openEmspWorld();
    const cpo = await world.cpo();
    await cpo.put(remoteSession('S1'));
    const { key } = await world.node().keys.add({ name: 'demo', scope: 'operate' });
    const folder = mkdtempSync(join(empty, 'demo-'));
    const file = join(folder, `evenkeel-demo-${process.getuid?.()}-${process.pid}.json`);
    writeDemoAccess({ url: world.node().publicUrl, key }, file);
    expect(linesOf(await shellWith({ TMPDIR: folder }).start('sessions').ended)[1]).toMatch(/^S1 /);
    await world.stop();
    expectOneLine(await shellWith({ TMPDIR: folder }).start('sessions').ended, 1, /the demo that wrote this address has ended/);
    await world.start();
  });

  test.each(stores)('keys are made, listed and revoked beside a running node, and --config finds the node (%s)', async (store) => {
    await using file = await writeNodeFile(store === 'postgres' ? await freshPostgres() : undefined);
    await using _node = await openNodeOf(file);
    const made = await runCommand('keys', 'add', '--json', '--config', file.path, '--name', 'app', '--scope', 'view');
    const [key = {}] = jsonOf(made);
    expect([made.code, key]).toEqual([0, { id: expect.any(String), key: expect.stringMatching(/^evk_/), scope: 'view' }]);

    const shell = shellWith({ EVENKEEL_KEY: String(key.key) });
    expect(linesOf(await shell.run('stations', '--config', file.path))[1]).toMatch(/^CP001 +never /);
    const listed = await runCommand('keys', 'list', '--json', '--config', file.path);
    expect(jsonOf(listed)).toEqual([{ id: key.id, name: 'app', scope: 'view', created_at: expect.any(String) }]);
    expect(listed.stdout).not.toContain(String(key.key));

    expect((await runCommand('keys', 'revoke', '--json', '--config', file.path, '--id', String(key.id))).code).toBe(0);
    expect((await apiClient(file.publicUrl, String(key.key)).request('GET sessions')).status).toBe(401);
    expectOneLine(await runCommand('keys', 'revoke', '--json', '--config', file.path, '--id', 'x'), 1, /no key has the id x.*keys list/);
    expectOneLine(await runCommand('keys', 'add', '--json', '--config', file.path, '--name', 'x', '--scope', 'root'), 2, /view, operate, admin/);
  });
});
