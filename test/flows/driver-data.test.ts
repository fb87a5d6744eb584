import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asSessionKey, fold } from '../../src/domain/ids.ts';
import { parseConfig } from '../../src/node/config/config-file.ts';
import { showConfig } from '../../src/node/config/show-config.ts';
import { openDrivers } from '../../src/node/offline/drivers.ts';
import type { OwnSession, Progress } from '../../src/roles/cpo/session.ts';
import { openSecrets, openStore, vaultFileFor } from '../../src/store/open.ts';
import { sessionByKey } from '../../src/store/sql/session.ts';
import { type Ended, runCommand } from '../command.ts';
import { moment, openEmspWorld, remoteSession } from '../emsp-world.ts';
import { stores } from '../world.ts';
import { atRest, backUp, CANARY, canaries, fileOf, keysIn, openCanaryWorld } from './canary.fixture.ts';

const canariesIn = (text: string) => canaries.filter((it) => text.toUpperCase().includes(it.toUpperCase()));
const driverFields = { cdr_token: { uid: CANARY.uid, contract_id: CANARY.contract }, authorization_reference: CANARY.reference };
const erasedFields = { cdr_token: { uid: 'erased', contract_id: 'erased' }, authorization_reference: 'erased' };
const jsonOf = ({ code, stdout, stderr }: Ended) =>
  code === 0
    ? stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : expect.fail(stderr);

function folderOn(stack: AsyncDisposableStack): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-driver-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe.each(stores)('personal data of a driver (%s)', (store) => {
  test('SEC-47: is pushed to the owner of the session, and is in clear text neither in the store, nor in the log, nor in the metrics', async () => {
    await using it = await openCanaryWorld(store);
    const id = await it.charge();
    await it.leave();
    expect(it.emsp.sessions.get(id)).toMatchObject(driverFields);
    expect(canariesIn(await atRest(it.world.settings()))).toEqual([]);
    expect(it.lines.length).toBeGreaterThan(0);
    expect(canariesIn(it.lines.join())).toEqual([]);
    expect(canariesIn(await (await fetch(`${it.world.node().publicUrl}/metrics`)).text())).toEqual([]);
  });

  test('SEC-46: is exported by a command beside the running node: consents, sessions and exchanges', async () => {
    await using stack = new AsyncDisposableStack();
    const it = stack.use(await openCanaryWorld(store));
    const file = fileOf(it.world.settings(), folderOn(stack));
    const id = await it.charge();
    await it.leave();
    await it.another();
    const lines = jsonOf(await runCommand('driver', 'export', '--json', '--config', file, '--token', CANARY.uid.toLowerCase()));
    const { driver } = lines[0];
    expect(lines).toEqual([
      { kind: 'consent', driver, consent: expect.objectContaining({ party: 'NL*SCS', text_version: 'terms-3' }) },
      { kind: 'session', driver, session: expect.objectContaining({ id, status: 'COMPLETED', authorization_reference: CANARY.reference }) },
      { kind: 'exchange', driver, exchange: expect.objectContaining({ kind: 'set', outcome: 'ACCEPTED' }) },
    ]);
    expect(lines[1]).toMatchObject({ session: driverFields });
    await using drivers = await openDrivers(it.world.settings());
    const again: object[] = [];
    for await (const line of drivers.export({ driver: driver.toLowerCase() })) again.push(line);
    expect(again).toEqual(lines);
  });

  test('SEC-46: is gone after an erasure: from the running node, from the disk, and from an earlier backup', async () => {
    await using stack = new AsyncDisposableStack();
    const folder = folderOn(stack);
    const it = stack.use(await openCanaryWorld(store));
    const id = await it.charge();
    await it.leave();
    const other = await it.another();
    const shown = async (of: string) => (await it.world.node().sessions()).items.find(({ session }) => session.id === of)?.session;
    const before = await shown(id);
    const copy = await backUp(it.world.database, folder);
    const keys = keysIn(vaultFileFor(it.world.keyFile));

    const erase = ['driver', 'erase', '--json', '--config', fileOf(it.world.settings(), folder), '--token', CANARY.uid];
    expect(jsonOf(await runCommand(...erase))).toEqual([{ driver: expect.any(String), erased: true, sessions: 1, consents: 1, in_configuration: true }]);

    const token = { ...before?.cdr_token, ...erasedFields.cdr_token };
    expect(await shown(id)).toEqual({ ...before, ...erasedFields, cdr_token: token });
    expect((await shown(other))?.cdr_token).toMatchObject({ uid: '****BEEF', contract_id: 'NL-MSP-C0001' });
    const keysLeft = keysIn(vaultFileFor(it.world.keyFile));
    const erasedKeys = keys.filter((key) => !keysLeft.includes(key));
    const rest = await atRest(it.world.settings());
    expect([erasedKeys.length, erasedKeys.filter((key) => rest.includes(key)), canariesIn(rest)]).toEqual([1, [], []]);

    const { vault } = openSecrets(it.world.settings());
    stack.use(vault);
    const restored = stack.use(await openStore(copy, vault));
    const read = await restored.first(sessionByKey<OwnSession, Progress>(asSessionKey(fold(`NL*EVK*${id}`))));
    expect(read?.body).toMatchObject({ ...erasedFields, kwh: before?.kwh, end_date_time: before?.end_date_time });
    expect(jsonOf(await runCommand(...erase))).toMatchObject([{ erased: false, sessions: 1 }]);
  });

  test('SEC-46: stays erased when the CPO pushes the session again; a new session of the driver is stored as usual', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    const driverSession = (id: string, more: object = {}) =>
      remoteSession(id, { status: 'COMPLETED', cdr_token: { ...remoteSession('').cdr_token, ...driverFields.cdr_token }, ...more });
    await cpo.put(driverSession('S1'));
    await using drivers = await openDrivers(world.settings());
    expect(await drivers.erase({ token: CANARY.uid })).toMatchObject({ ok: true, value: { erased: true, sessions: 1, in_configuration: false } });
    await cpo.put(driverSession('S1', { last_updated: moment(60), authorization_reference: CANARY.reference }));
    await cpo.put(driverSession('S2'));
    const tokens = (await world.node().sessions()).items.map(({ session }) => [session.id, session.cdr_token?.contract_id, session.authorization_reference]);
    expect(tokens).toEqual([
      ['S2', CANARY.contract, undefined],
      ['S1', 'erased', 'erased'],
    ]);
    expect(canariesIn(await atRest(world.settings()))).toEqual([]);
  });
});

test('SEC-46: an erasure is refused while a session of the driver runs, and the problem names the remedy', async () => {
  await using it = await openCanaryWorld('sqlite');
  const id = await it.charge();
  await using drivers = await openDrivers(it.world.settings());
  const problem = expect.stringContaining(`has a session that is ACTIVE: end NL*EVK*${id.toUpperCase()}, then erase`);
  expect(await drivers.erase({ token: CANARY.uid })).toEqual({ ok: false, problem });
  expect((await it.world.node().sessions()).items[0]?.session.cdr_token?.contract_id).toBe(CANARY.contract);
});

test('SEC-46: an erased session is not listed to its owner any more, who would take the erased fields for a change', async () => {
  await using it = await openCanaryWorld('sqlite');
  await it.charge();
  await it.leave();
  const other = await it.another();
  await using drivers = await openDrivers(it.world.settings());
  await drivers.erase({ token: CANARY.uid });
  const listed = await it.emsp.send({ method: 'GET', url: `${it.world.node().publicUrl}/ocpi/2.2.1/sender/sessions` });
  expect(listed.data).toEqual([expect.objectContaining({ id: other })]);
});

describe('SEC-25, SEC-47: personal data in a configuration appears in no error message and in no printed configuration', () => {
  const config = (tokens: string, consents = '[]') => `
public_url: https://ocpi.example.com
parties: [{ role: CPO, country_code: NL, party_id: EVK, name: EVK }]
tokens: ${tokens}
consents: ${consents}
`;
  const token = (more: string) => `{ uid: ${CANARY.uid}, type: RFID, country_code: NL, party_id: MSP, contract_id: ${CANARY.contract}${more} }`;
  const consent = (text: string) => `[{ token: ${text}, party: NL*SCS, purpose: smart_charging, text_version: "1", given_at: 2026-01-01T00:00:00Z }]`;

  test.each([
    ['a duplicate uid', config(`[${token('')}, ${token('')}]`)],
    ['a uid that is too long', config(`[${token('').replace(CANARY.uid, CANARY.uid.repeat(9))}]`)],
    ['a contract that is too long', config(`[${token('').replace(CANARY.contract, CANARY.contract.repeat(9))}]`)],
    ['a consent whose token is too long', config('[]', consent(CANARY.uid.repeat(9)))],
  ])('%s', (_, text) => {
    const parsed = parseConfig(text);
    if (parsed.ok) expect.fail('a mistake was not found');
    expect([parsed.problem.length, canariesIn(JSON.stringify(parsed.problem))]).toEqual([1, []]);
  });
  test('the configuration that doctor prints', () => {
    const parsed = parseConfig(config(`[${token('')}]`, consent(CANARY.uid)));
    expect(parsed.ok && canariesIn(showConfig(parsed.value))).toEqual([]);
  });
});
