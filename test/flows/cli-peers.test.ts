import { describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { openCpo, openEmsp, openHub } from '../../sim/partner.ts';
import { runCommand, startCommand } from '../command.ts';
import { writeNodeFile } from '../node-file.ts';
import { freshPostgres } from '../set-up/fresh-postgres.ts';
import { stores } from '../world.ts';

const msp = ['--role', 'EMSP', '--country-code', 'NL', '--party-id', 'MSP'];
const clock = realClock();
const databaseOf = (store: string) => (store === 'postgres' ? freshPostgres() : Promise.resolve(undefined));

/** The one line of JSON that a command printed, and nothing else. */
function onlyLine(stdout: string): Record<string, unknown> {
  const [line = '', ...rest] = stdout.split('\n');
  expect(rest).toEqual(['']);
  return JSON.parse(line);
}

describe.each(stores)('peers by the command line, beside a running node (%s)', { timeout: 60_000 }, (store) => {
  test('CRE-01: invite prints a token and where to use it, and the running node takes it', async () => {
    await using file = await writeNodeFile(await databaseOf(store));
    await using node = startCommand(['serve', '--config', file.path]);
    await node.line(/ready/);
    const { code, stdout, stderr } = await runCommand('invite', '--config', file.path, ...msp);
    expect([code, stderr]).toEqual([0, '']);
    const invitation = onlyLine(stdout);
    expect(invitation).toEqual({ token: expect.stringMatching(/^[\w-]{43}$/), versions_url: `${file.publicUrl}/ocpi/versions` });
    await using emsp = await openEmsp({ clock });
    const answer = await emsp.register({ token: String(invitation.token), versions_url: String(invitation.versions_url) });
    expect(answer.envelope.status_code).toBe(1000);

    const listed = onlyLine((await runCommand('peers', '--config', file.path)).stdout);
    expect(listed).toMatchObject({ id: 'NL*MSP', status: 'REGISTERED', edition: '2.2.1', roles: [{ role: 'EMSP', country_code: 'NL', party_id: 'MSP' }] });
  });

  test('CRE-28: invite --role HUB lets a hub register', async () => {
    await using file = await writeNodeFile(await databaseOf(store));
    await using node = startCommand(['serve', '--config', file.path]);
    await node.line(/ready/);
    const { stdout } = await runCommand('invite', '--config', file.path, '--role', 'HUB', '--country-code', 'NL', '--party-id', 'HUB');
    const { token, versions_url } = onlyLine(stdout);
    await using hub = await openHub({ clock });
    expect((await hub.register({ token: String(token), versions_url: String(versions_url) })).envelope.status_code).toBe(1000);
  });

  test('CRE-16, CRE-22: rotate gives new tokens, unregister ends them; the running node follows', async () => {
    await using file = await writeNodeFile(await databaseOf(store));
    await using node = startCommand(['serve', '--config', file.path]);
    await node.line(/ready/);
    const { token, versions_url } = JSON.parse((await runCommand('invite', '--config', file.path, ...msp)).stdout);
    await using emsp = await openEmsp({ clock });
    await emsp.register({ token, versions_url });
    const before = emsp.peer().token;

    const rotated = await runCommand('rotate', '--config', file.path, '--peer', 'nl*msp', '--now');
    expect(onlyLine(rotated.stdout)).toMatchObject({ id: 'NL*MSP', edition: '2.2.1' });
    expect(emsp.peer().token).not.toBe(before);
    await refused(emsp, before);
    expect((await askSessions(emsp, emsp.peer().token)).http).toBe(200);

    const ended = await runCommand('unregister', '--config', file.path, '--peer', 'NL*MSP');
    expect(onlyLine(ended.stdout)).toEqual({ id: 'NL*MSP', peer_told: true });
    expect(emsp.requests.at(-1)).toMatchObject({ method: 'DELETE' });
  });

  test('CRE-33, SEC-44: peers and doctor show what a peer claims, approve lets it in; doctor names a contract that nobody agreed to', async () => {
    await using file = await writeNodeFile(await databaseOf(store));
    file.change('tokens:', 'contracts: [{ party: NL*SCS, may: [see] }]\ntokens:');
    await using node = startCommand(['serve', '--config', file.path]);
    await node.line(/ready/);
    const { token, versions_url } = JSON.parse((await runCommand('invite', '--config', file.path, ...msp)).stdout);
    await using emsp = await openEmsp({ clock, moreRoles: [{ role: 'EMSP', country_code: 'NL', party_id: 'TNM', business_details: { name: 'Other' } }] });
    await emsp.register({ token, versions_url });
    const { held } = onlyLine((await runCommand('peers', '--config', file.path)).stdout);
    expect(held).toEqual([{ role: 'EMSP', party: 'NL*TNM', name: 'Other', claimed_at: expect.stringMatching(/Z$/), why: 'it was not let in with it' }]);
    const { code, stdout } = await runCommand('doctor', '--config', file.path);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => /^ok +(claims|consents)/.test(line))).toEqual([
      'ok    claims: NL*MSP claims EMSP NL*TNM, which is held (it was not let in with it): evenkeel approve --peer NL*MSP --party NL*TNM lets it in',
      'ok    consents: NL*SCS has a contract, and no driver agreed to it, so nothing goes there: evenkeel consents add --party NL*SCS, or add it under consents',
    ]);

    const approved = onlyLine((await runCommand('approve', '--config', file.path, '--peer', 'nl*msp', '--party', 'nl*tnm')).stdout);
    expect(approved).toMatchObject({ id: 'NL*MSP', roles: [{ party_id: 'MSP' }, { party_id: 'TNM' }] });
    while ((await askSessions(emsp, emsp.peer().token, { 'OCPI-from-party-id': 'TNM' })).envelope.status_code !== 1000);
    expect(onlyLine((await runCommand('peers', '--config', file.path)).stdout)).not.toHaveProperty('held');
  });
});

type Emsp = Awaited<ReturnType<typeof openEmsp>>;
const askSessions = (emsp: Emsp, token: string, headers: Record<string, string> = {}) => {
  const at = emsp.peer().endpoints.find((it) => it.identifier === 'sessions' && it.role === 'SENDER');
  return emsp.send({ method: 'GET', url: at?.url ?? '', token, headers });
};

/** Asks until the node, which may remember a token for a second, no longer takes it. */
async function refused(emsp: Emsp, token: string): Promise<void> {
  while ((await askSessions(emsp, token)).http !== 401);
}

describe('register by the command line', { timeout: 60_000 }, () => {
  test('CRE-11: registers at a foreign CPO through the node that runs, and prints its roles and edition', async () => {
    await using file = await writeNodeFile();
    file.change('- { role: CPO', '- { role: EMSP, country_code: NL, party_id: EVM, name: Evenkeel eMSP }\n  - { role: CPO');
    await using node = startCommand(['serve', '--config', file.path]);
    await node.line(/ready/);
    await using cpo = await openCpo({ clock, party: { country_code: 'DE', party_id: 'FOR' } });
    const { token, versions_url } = cpo.invite();
    const { code, stdout, stderr } = await runCommand('register', '--config', file.path, '--versions-url', versions_url, '--token', token);
    expect([code, stderr]).toEqual([0, '']);
    expect(onlyLine(stdout)).toMatchObject({
      id: 'DE*FOR',
      edition: '2.2.1',
      status: 'REGISTERED',
      roles: [{ role: 'CPO', country_code: 'DE', party_id: 'FOR' }],
    });
  });

  test('runs the node for the duration when none does, so that the other side can read our versions', async () => {
    await using file = await writeNodeFile();
    file.change('- { role: CPO', '- { role: EMSP, country_code: NL, party_id: EVM, name: Evenkeel eMSP }\n  - { role: CPO');
    await using cpo = await openCpo({ clock });
    const { token, versions_url } = cpo.invite();
    const { code, stdout } = await runCommand('register', '--config', file.path, '--versions-url', versions_url, '--token', token);
    expect([code, onlyLine(stdout).status]).toEqual([0, 'REGISTERED']);
    expect(cpo.peer().endpoints.map((it) => it.identifier)).toContain('chargingprofiles');
  });
});

describe('commands about peers that cannot be carried out', { timeout: 60_000 }, () => {
  const nobody: readonly [args: readonly string[], code: number, says: RegExp][] = [
    [['unregister', '--peer', 'NL*MSP'], 1, /^evenkeel: NL\*MSP is not registered: evenkeel peers lists those that are\n$/],
    [['rotate', '--peer', 'NL*MSP'], 1, /^evenkeel: NL\*MSP is not registered: evenkeel peers lists those that are\n$/],
    [['approve', '--peer', 'NL*MSP', '--party', 'NL*TNM'], 1, /^evenkeel: NL\*MSP claims no NL\*TNM: evenkeel peers shows what is held\n$/],
    [['approve', '--peer', 'NL*MSP', '--party', 'TNM'], 2, /^evenkeel: option '--party <party>' argument 'TNM' is invalid.*such as NL\*SCS.*\n$/],
    [['rotate', '--peer', 'Emmy'], 2, /^evenkeel: option '--peer <id>' argument 'Emmy' is invalid. Allowed is country and party, such as NL\*MSP.*\n$/],
    [['register', '--versions-url', 'http://127.0.0.1:1/versions', '--token', 'abc'], 1, /^evenkeel: versions: .*127\.0\.0\.1:1.*\n$/],
    [
      ['invite', '--role', 'EMSP', '--country-code', 'NLD', '--party-id', 'MSP'],
      2,
      /^evenkeel: option '--country-code <code>' argument 'NLD' is invalid.*such as NL;.*\n$/,
    ],
    [
      ['invite', '--role', 'DRIVER', '--country-code', 'NL', '--party-id', 'MSP'],
      2,
      /^evenkeel: option '--role <role>' argument 'DRIVER' is invalid. Allowed choices are CPO, EMSP, SCSP, HUB;.*\n$/,
    ],
  ];
  test.each(nobody)('%j gets one line and a code', async (args, code, says) => {
    await using file = await writeNodeFile();
    const ended = await runCommand(...args, '--config', file.path);
    expect(ended).toEqual({ code, stdout: '', stderr: expect.stringMatching(says) });
  });

  test('CRE-02: a party that is registered cannot be invited again', async () => {
    await using file = await writeNodeFile();
    await using node = startCommand(['serve', '--config', file.path]);
    await node.line(/ready/);
    const { token, versions_url } = JSON.parse((await runCommand('invite', '--config', file.path, ...msp)).stdout);
    await using emsp = await openEmsp({ clock });
    await emsp.register({ token, versions_url });
    const again = await runCommand('invite', '--config', file.path, ...msp);
    expect(again).toEqual({ code: 1, stdout: '', stderr: 'evenkeel: NL*MSP is registered already: evenkeel unregister --peer NL*MSP first\n' });
  });
});
