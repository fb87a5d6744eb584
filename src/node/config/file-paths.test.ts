import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfigFile } from './config-file.ts';

const before = process.cwd();
let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'evenkeel-')));
  for (const it of ['etc', 'work']) mkdirSync(join(folder, it));
  process.chdir(join(folder, 'work'));
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

function read(text: string) {
  writeFileSync(
    join(folder, 'etc', 'evenkeel.yaml'),
    `public_url: https://cpo.example\nparties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel }]\n${text}`,
  );
  return readConfigFile(join('..', 'etc', 'evenkeel.yaml'));
}
const there = (name: string) => join(folder, 'etc', name);

test('F-72: paths count from the folder of the configuration file', () => {
  const files = `site_limits: limits.yaml
console: { files: page, oidc: { issuer: https://id.example, client_id: x, client_secret_file: secret, roles: { operate: ops } } }
listen: { host: 127.0.0.1, tls: { cert: own.pem, key: own.key } }
sites:
  - name: garage
    limit: { a: 80 }
    meter: { fallback: { a: 9 }, mqtt: { url: mqtts://broker, topic: t, username: me, password_file: broker.password, ca: broker.pem, w: $.power } }
ocpp: { security_profile: 3, tls: { cert: [ec.pem, /ssl/rsa.pem], key: [ec.key, rsa.key], ca: ca.pem } }`;
  expect(read(files)).toMatchObject({
    ok: true,
    value: {
      database: there('evenkeel.db'),
      site_limits: there('limits.yaml'),
      console: { files: there('page'), oidc: { client_secret_file: there('secret') } },
      listen: { host: '127.0.0.1', tls: { cert: there('own.pem'), key: there('own.key') } },
      sites: [{ meter: { mqtt: { password_file: there('broker.password'), ca: there('broker.pem') } } }],
      ocpp: { tls: { cert: [there('ec.pem'), '/ssl/rsa.pem'], key: [there('ec.key'), there('rsa.key')], ca: there('ca.pem') } },
    },
  });
  expect(read('database: postgres://localhost/x')).toMatchObject({ ok: true, value: { database: 'postgres://localhost/x', key_file: there('evenkeel.key') } });
  expect(read('database: ":memory:"\nkey_file: ../run/key')).toMatchObject({
    ok: true,
    value: { database: ':memory:', key_file: join(folder, 'run', 'key') },
  });
});

test.each([
  ['database', 'evenkeel.db', ''],
  ['key_file', 'evenkeel.key', 'database: postgres://localhost/x'],
  ['key_file', 'evenkeel.key.drivers', 'database: postgres://localhost/x'],
])('F-72: a %s that is in the working directory only is refused, with what to write: %s', (key, name, text) => {
  const here = join(folder, 'work', name);
  writeFileSync(here, '');
  const says = `${key}: found ${here} and no ${there(name)}. Paths count from the folder of this file: write ${key}: ${here.replace('.drivers', '')}, or move`;
  expect(read(text)).toMatchObject({ ok: false, problem: [expect.stringContaining(says)] });
  writeFileSync(there(name), '');
  expect(read(text).ok).toBe(true);
});
