import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { driverId } from '../domain/ids.ts';
import { encryptWith } from './encryption.ts';
import { openStore } from './open.ts';
import { encryptedJson } from './personal.ts';
import { bindValues, openVault } from './vault.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-vault-'));
afterAll(() => rmSync(folder, { recursive: true }));
const encryption = encryptWith(randomBytes(32));
let drawn = 0;
const fresh = () => join(folder, `${++drawn}.drivers`);
const nextTurn = () => new Promise((then) => setImmediate(then));

describe('the vault of drivers', () => {
  test('SEC-46: what is encrypted is read by whoever has the vault, and by nobody without the key of the node', () => {
    const path = fresh();
    using vault = openVault(path, encryption);
    const driver = vault.driverOf('deadbeef');
    const encrypted = vault.encrypt(driver, 'NL-MSP-C0001');
    expect(encrypted).toMatch(new RegExp(`^~${driver}~[\\w-]+$`));
    using again = openVault(path, encryption);
    expect([vault.decrypt(encrypted), again.decrypt(encrypted), again.driverOf('DEADBEEF')]).toEqual(['NL-MSP-C0001', 'NL-MSP-C0001', driver]);
    using stranger = openVault(path, encryptWith(randomBytes(32)));
    expect(() => stranger.decrypt(encrypted)).toThrow();
  });

  test('SEC-46: what one driver’s key encrypted, another’s does not open', () => {
    using vault = openVault(':memory:', encryption);
    const [one, two] = [vault.driverOf('ONE'), vault.driverOf('TWO')];
    vault.encrypt(two, 'x');
    expect(vault.decrypt(vault.encrypt(one, 'clear').replace(one, two))).toBe('erased');
  });

  test('SEC-46: another process that erases a driver is heard within a turn of the event loop', async () => {
    const path = fresh();
    using vault = openVault(path, encryption);
    const driver = vault.driverOf('DEADBEEF');
    const encrypted = vault.encrypt(driver, 'clear');
    using other = openVault(path, encryption);
    expect([other.erase(driver), other.erase(driver)]).toEqual([true, false]);
    await nextTurn();
    expect(vault.decrypt(encrypted)).toBe('erased');
  });

  test('SEC-46: a copy that is kept after the erasure makes no new key; a new session of the driver does, and the old ones stay erased', () => {
    using vault = openVault(':memory:', encryption);
    const driver = vault.driverOf('DEADBEEF');
    const old = vault.encrypt(driver, 'clear');
    vault.erase(driver);
    expect(vault.encryptCopy(driver, 'clear')).toBe('erased');
    const since = vault.encrypt(driver, 'anew');
    expect([vault.decrypt(old), vault.decrypt(since), vault.decrypt(vault.encryptCopy(driver, 'copy'))]).toEqual(['erased', 'anew', 'copy']);
  });

  test('SEC-46: its file is for its owner only', () => {
    const path = fresh();
    using vault = openVault(path, encryption);
    vault.encrypt(vault.driverOf('A'), 'x');
    expect([path, `${path}-wal`].map((it) => statSync(it).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  test('SEC-46: keys that were made for work that failed are not kept, and the next are', () => {
    const path = fresh();
    using vault = openVault(path, encryption);
    const driver = vault.driverOf('DEADBEEF');
    expect(() =>
      vault.inTransaction(() => {
        vault.encrypt(driver, 'x');
        throw new Error('the work failed');
      }),
    ).toThrow('the work failed');
    const encrypted = vault.inTransaction(() => vault.encrypt(driver, 'clear'));
    using other = openVault(path, encryption);
    expect(other.decrypt(encrypted)).toBe('clear');
  });

  test('SEC-47: text that no vault encrypted is read as it is, and nothing that fits the wire passes for encrypted', () => {
    using vault = openVault(':memory:', encryption);
    const encrypted = vault.encrypt(vault.driverOf('DEADBEEF'), '');
    expect(encrypted.length).toBeGreaterThan(36);
    for (const text of ['DEADBEEF', '~', '~~', '~A~B', encrypted.slice(0, 36), '~'.repeat(36)]) expect(vault.decrypt(text)).toBe(text);
  });

  test('SEC-47: a session is encrypted field by field, and the order of its fields stays', () => {
    using vault = openVault(':memory:', encryption);
    const session = { id: 'S1', authorization_reference: 'R', cdr_token: { country_code: 'NL', uid: 'DEADBEEF', type: 'RFID', contract_id: 'C' }, kwh: 1 };
    const [text] = bindValues(vault, [encryptedJson(session, { driver: driverId('0'.repeat(36)) })]);
    const [, ...fields] = String(text).match(/"(\w+)":/g) ?? [];
    expect(fields).toEqual(['"authorization_reference":', '"cdr_token":', '"country_code":', '"uid":', '"type":', '"contract_id":', '"kwh":']);
    expect(String(text).match(/~0{36}~/g)).toHaveLength(3);
  });

  test('SEC-47: a store that was opened without a vault takes nothing of a driver', async () => {
    await using store = await openStore(':memory:');
    const write = {
      name: 'x',
      sql: 'INSERT INTO event (at, kind, body) VALUES (1, $1, $2)',
      values: ['session', encryptedJson({ cdr_token: { uid: 'U' } }, { driver: undefined })],
    };
    await expect(store.commit([write])).rejects.toThrow('without the vault of drivers');
  });
});
