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
let count = 0;
const newPath = () => join(folder, `${++count}.drivers`);
const nextTurn = () => new Promise((then) => setImmediate(then));

describe('the vault with the drivers’ keys', () => {
  test('SEC-46: encrypted data are readable with the vault and the node’s key, not with another key', () => {
    const path = newPath();
    using vault = openVault(path, encryption);
    const driver = vault.driverOf('deadbeef');
    const encrypted = vault.encrypt(driver, 'NL-MSP-C0001');
    expect(encrypted).toMatch(new RegExp(`^~${driver}~[\\w-]+$`));
    using again = openVault(path, encryption);
    expect([vault.decrypt(encrypted), again.decrypt(encrypted), again.driverOf('DEADBEEF')]).toEqual(['NL-MSP-C0001', 'NL-MSP-C0001', driver]);
    using otherKey = openVault(path, encryptWith(randomBytes(32)));
    expect(() => otherKey.decrypt(encrypted)).toThrow();
  });

  test('SEC-46: the key of one driver does not decrypt the data of another', () => {
    using vault = openVault(':memory:', encryption);
    const [one, two] = [vault.driverOf('ONE'), vault.driverOf('TWO')];
    vault.encrypt(two, 'x');
    expect(vault.decrypt(vault.encrypt(one, 'clear').replace(one, two))).toBe('erased');
  });

  test('SEC-46: an erasure by another process takes effect within one turn of the event loop', async () => {
    const path = newPath();
    using vault = openVault(path, encryption);
    const driver = vault.driverOf('DEADBEEF');
    const encrypted = vault.encrypt(driver, 'clear');
    using other = openVault(path, encryption);
    expect([other.erase(driver), other.erase(driver)]).toEqual([true, false]);
    await nextTurn();
    expect(vault.decrypt(encrypted)).toBe('erased');
  });

  test('SEC-46: after an erasure a copy creates no key; a new session does, and older data stay erased', () => {
    using vault = openVault(':memory:', encryption);
    const driver = vault.driverOf('DEADBEEF');
    const old = vault.encrypt(driver, 'clear');
    vault.erase(driver);
    expect(vault.encryptCopy(driver, 'clear')).toBe('erased');
    const later = vault.encrypt(driver, 'new');
    expect([vault.decrypt(old), vault.decrypt(later), vault.decrypt(vault.encryptCopy(driver, 'copy'))]).toEqual(['erased', 'new', 'copy']);
  });

  test('SEC-46: only the owner may read its file', () => {
    const path = newPath();
    using vault = openVault(path, encryption);
    vault.encrypt(vault.driverOf('A'), 'x');
    expect([path, `${path}-wal`].map((it) => statSync(it).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  test('SEC-46: keys of failed work are not stored, later keys are', () => {
    const path = newPath();
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

  test('SEC-47: a text that was not encrypted is read unchanged, and no text that OCPI allows looks encrypted', () => {
    using vault = openVault(':memory:', encryption);
    const encrypted = vault.encrypt(vault.driverOf('DEADBEEF'), '');
    expect(encrypted.length).toBeGreaterThan(36);
    for (const text of ['DEADBEEF', '~', '~~', '~A~B', encrypted.slice(0, 36), '~'.repeat(36)]) expect(vault.decrypt(text)).toBe(text);
  });

  test('SEC-47: a session is encrypted field by field in the same order', () => {
    using vault = openVault(':memory:', encryption);
    const session = { id: 'S1', authorization_reference: 'R', cdr_token: { country_code: 'NL', uid: 'DEADBEEF', type: 'RFID', contract_id: 'C' }, kwh: 1 };
    const [text] = bindValues(vault, [encryptedJson(session, { driver: driverId('0'.repeat(36)) })]);
    const [, ...fields] = String(text).match(/"(\w+)":/g) ?? [];
    expect(fields).toEqual(['"authorization_reference":', '"cdr_token":', '"country_code":', '"uid":', '"type":', '"contract_id":', '"kwh":']);
    expect(String(text).match(/~0{36}~/g)).toHaveLength(3);
  });

  test('SEC-47: a store that was opened without a vault refuses drivers’ data', async () => {
    await using store = await openStore(':memory:');
    const write = {
      name: 'x',
      sql: 'INSERT INTO event (at, kind, body) VALUES (1, $1, $2)',
      values: ['session', encryptedJson({ cdr_token: { uid: 'U' } }, { driver: undefined })],
    };
    await expect(store.commit([write])).rejects.toThrow('opened without a vault');
  });
});
