import { describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { openCpo, openEmsp, openHub } from '../../sim/partner.ts';
import { runCommand } from '../command.ts';
import { openNodeOf, writeNodeFile } from '../node-file.ts';
import { freshPostgres } from '../set-up/fresh-postgres.ts';
import { stores } from '../world.ts';

const msp = ['--role', 'EMSP', '--country-code', 'NL', '--party-id', 'MSP'];
const clock = realClock();
const databaseOf = (store: string) => (store === 'postgres' ? freshPostgres() : Promise.resolve(undefined));

/** Parses the output of a command that must print exactly one line of JSON. */
function onlyLine(stdout: string): Record<string, unknown> {
  const [line = '', ...rest] = stdout.split('\n');
  expect(rest).toEqual(['']);
  return JSON.parse(line);
}

describe.each(stores)('commands about peers, beside a running node (%s)', { timeout: 60_000 }, (store) => {
  test('CRE-01: invite prints a token and a URL, and the running node accepts the token', async () => {
    await using file = await writeNodeFile(await databaseOf(store));
    await using _node = await openNodeOf(file);
    const { code, stdout, stderr } = await runCommand('invite', '--json', '--config', file.path, ...msp);
    expect([code, stderr]).toEqual([0, '']);
    const invitation = onlyLine(stdout);
    expect(invitation).toEqual({ token: expect.stringMatching(/^[\w-]{43}$/), versions_url: `${file.publicUrl}/ocpi/versions` });
    await using emsp = await openEmsp({ clock });
    const answer = await emsp.register({ token: String(invitation.token), versions_url: String(invitation.versions_url) });
    expect(answer.envelope.status_code).toBe(1000);

    const listed = onlyLine((await runCommand('peers', '--json', '--config', file.path)).stdout);
    expect(listed).toMatchObject({ id: 'NL*MSP', status: 'REGISTERED', edition: '2.2.1', roles: [{ role: 'EMSP', country_code: 'NL', party_id: 'MSP' }] });
  });

  test('CRE-28: invite --role HUB lets a hub register', async () => {
    await using file = await writeNodeFile(await databaseOf(store));
    await using _node = await openNodeOf(file);
    const { stdout } = await runCommand('invite', '--json', '--config', file.path, '--role', 'HUB', '--country-code', 'NL', '--party-id', 'HUB');
    const { token, versions_url } = onlyLine(stdout);
    await using hub = await openHub({ clock });
    expect((await hub.register({ token: String(token), versions_url: String(versions_url) })).envelope.status_code).toBe(1000);
  });

  test('CRE-16, CRE-22: rotate gives new tokens, unregister ends them; the running node applies both', async () => {
    await using file = await writeNodeFile(await databaseOf(store));
    await using _node = await openNodeOf(file);
    const { token, versions_url } = JSON.parse((await runCommand('invite', '--json', '--config', file.path, ...msp)).stdout);
    await using emsp = await openEmsp({ clock });
    await emsp.register({ token, versions_url });
    const before = emsp.peer().token;

    const rotated = await runCommand('rotate', '--json', '--config', file.path, '--peer', 'nl*msp', '--now');
    expect(onlyLine(rotated.stdout)).toMatchObject({ id: 'NL*MSP', edition: '2.2.1' });
    expect(emsp.peer().token).not.toBe(before);
    await untilRefused(emsp, before);
    expect((await requestSessions(emsp, emsp.peer().token)).http).toBe(200);

    const ended = await runCommand('unregister', '--json', '--config', file.path, '--peer', 'NL*MSP');
    expect(onlyLine(ended.stdout)).toEqual({ id: 'NL*MSP', peer_told: true });
    expect(emsp.requests.at(-1)).toMatchObject({ method: 'DELETE' });
  });

  test('CRE-33, SEC-44: peers and doctor show claims, approve accepts one; doctor names a contract without a consent', async () => {
    await using file = await writeNodeFile(await databaseOf(store));
    file.change('tokens:', 'contracts: [{ party: NL*SCS, may: [see] }]\ntokens:');
    await using _node = await openNodeOf(file);
    const { token, versions_url } = JSON.parse((await runCommand('invite', '--json', '--config', file.path, ...msp)).stdout);
    await using emsp = await openEmsp({ clock, moreRoles: [{ role: 'EMSP', country_code: 'NL', party_id: 'TNM', business_details: { name: 'Other' } }] });
    await emsp.register({ token, versions_url });
    const { held } = onlyLine((await runCommand('peers', '--json', '--config', file.path)).stdout);
    expect(held).toEqual([{ role: 'EMSP', party: 'NL*TNM', name: 'Other', claimed_at: expect.stringMatching(/Z$/), why: 'it was not let in with it' }]);
    const { code, stdout } = await runCommand('doctor', '--config', file.path);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => /^! (claims|consents)/.test(line))).toEqual([
      '! claims: NL*MSP claims EMSP NL*TNM, which is held (it was not let in with it): to allow it, run evenkeel approve --peer NL*MSP --party NL*TNM',
      '! consents: NL*SCS has a contract, but no driver has consented, so this node sends it nothing: add an entry under consents, or run evenkeel consents add --party NL*SCS',
    ]);

    const approved = onlyLine((await runCommand('approve', '--json', '--config', file.path, '--peer', 'nl*msp', '--party', 'nl*tnm')).stdout);
    expect(approved).toMatchObject({ id: 'NL*MSP', roles: [{ party_id: 'MSP' }, { party_id: 'TNM' }] });
    while ((await requestSessions(emsp, emsp.peer().token, { 'OCPI-from-party-id': 'TNM' })).envelope.status_code !== 1000);
    expect(onlyLine((await runCommand('peers', '--json', '--config', file.path)).stdout)).not.toHaveProperty('held');
  });
});

type Emsp = Awaited<ReturnType<typeof openEmsp>>;
const requestSessions = (emsp: Emsp, token: string, headers: Record<string, string> = {}) => {
  const at = emsp.peer().endpoints.find((it) => it.identifier === 'sessions' && it.role === 'SENDER');
  return emsp.send({ method: 'GET', url: at?.url ?? '', token, headers });
};

/** Repeats a request until the node refuses the token: a node may cache a token for a second. */
async function untilRefused(emsp: Emsp, token: string): Promise<void> {
  while ((await requestSessions(emsp, token)).http !== 401);
}

describe('evenkeel register', { timeout: 60_000 }, () => {
  test('CRE-11: registers at another CPO beside the running node, and prints roles and edition of the CPO', async () => {
    await using file = await writeNodeFile();
    file.change('- { role: CPO', '- { role: EMSP, country_code: NL, party_id: EVM, name: Evenkeel eMSP }\n  - { role: CPO');
    await using _node = await openNodeOf(file);
    await using cpo = await openCpo({ clock, party: { country_code: 'DE', party_id: 'FOR' } });
    const { token, versions_url } = cpo.invite();
    const { code, stdout, stderr } = await runCommand('register', '--json', '--config', file.path, '--versions-url', versions_url, '--token', token);
    expect([code, stderr]).toEqual([0, '']);
    expect(onlyLine(stdout)).toMatchObject({
      id: 'DE*FOR',
      edition: '2.2.1',
      status: 'REGISTERED',
      roles: [{ role: 'CPO', country_code: 'DE', party_id: 'FOR' }],
    });
  });

  test('runs a node while it registers when none is running, so that the other side can read our versions', async () => {
    await using file = await writeNodeFile();
    file.change('- { role: CPO', '- { role: EMSP, country_code: NL, party_id: EVM, name: Evenkeel eMSP }\n  - { role: CPO');
    await using cpo = await openCpo({ clock });
    const { token, versions_url } = cpo.invite();
    const { code, stdout } = await runCommand('register', '--json', '--config', file.path, '--versions-url', versions_url, '--token', token);
    expect([code, onlyLine(stdout).status]).toEqual([0, 'REGISTERED']);
    expect(cpo.peer().endpoints.map((it) => it.identifier)).toContain('chargingprofiles');
  });
});

describe('commands about peers that fail', { timeout: 60_000 }, () => {
  const failures: readonly [args: readonly string[], code: number, expected: RegExp][] = [
    [['unregister', '--peer', 'NL*MSP'], 1, /^evenkeel: NL\*MSP is not registered: evenkeel peers lists those that are\n$/],
    [['rotate', '--peer', 'NL*MSP'], 1, /^evenkeel: NL\*MSP is not registered: evenkeel peers lists those that are\n$/],
    [['approve', '--peer', 'NL*MSP', '--party', 'NL*TNM'], 1, /^evenkeel: NL\*MSP claims no NL\*TNM: evenkeel peers shows what is held\n$/],
    [['approve', '--peer', 'NL*MSP', '--party', 'TNM'], 2, /^evenkeel: option '--party <party>' argument 'TNM' is invalid.*such as NL\*SCS.*\n$/],
    [['rotate', '--peer', 'Emmy'], 2, /^evenkeel: option '--peer <id>' argument 'Emmy' is invalid. Allowed is country code and party id, such as NL\*MSP.*\n$/],
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
  test.each(failures)('%j prints one line and exits with a code', async (args, code, expected) => {
    await using file = await writeNodeFile();
    await runCommand('migrate', '--config', file.path);
    const ended = await runCommand(...args, '--config', file.path);
    expect(ended).toEqual({ code, stdout: '', stderr: expect.stringMatching(expected) });
  });

  test('CRE-02: a party that is registered cannot be invited again', async () => {
    await using file = await writeNodeFile();
    await using _node = await openNodeOf(file);
    const { token, versions_url } = JSON.parse((await runCommand('invite', '--json', '--config', file.path, ...msp)).stdout);
    await using emsp = await openEmsp({ clock });
    await emsp.register({ token, versions_url });
    const again = await runCommand('invite', '--json', '--config', file.path, ...msp);
    expect(again).toEqual({ code: 1, stdout: '', stderr: 'evenkeel: NL*MSP is registered already: evenkeel unregister --peer NL*MSP first\n' });
  });
});
