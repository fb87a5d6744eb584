import { once } from 'node:events';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { createAuthority } from '../certificates.ts';
import { runCommand } from '../command.ts';
import { type NodeFile, openNodeOf, PASSWORD, writeNodeFile } from '../node-file.ts';
import { freshPostgres, lacksPostgres } from '../set-up/fresh-postgres.ts';

const noPostgres = await lacksPostgres();
const runDoctor = (file: NodeFile) => runCommand('doctor', '--config', file.path);
const failures = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('✗'));

describe('evenkeel doctor', { timeout: 60_000 }, () => {
  test('CON-G04: begins with a line for each check, then prints the configuration with defaults and without secrets, and ends with a summary', async () => {
    await using file = await writeNodeFile();
    const { code, stdout, stderr } = await runDoctor(file);
    expect([code, stderr]).toEqual([0, '']);
    for (const key of ['timeout: 30', 'event_retention: 604800', 'session_pull: 21600', 'location_id: LOC1']) expect(stdout).toContain(key);
    for (const secret of [PASSWORD, 'DEADBEEF']) expect(stdout).not.toContain(secret);
    expect(
      stdout
        .split('\n')
        .filter((line) => /^[✓!✗]/.test(line))
        .map((line) => line.split(/ +|: /)[1]),
    ).toEqual(['node', 'clock', 'key', 'store', 'listen.port', 'ocpp.port', 'locations', 'passwords']);
    expect(stdout).toMatch(/^✓ node: /);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('the node can run');
    const json = JSON.parse((await runCommand('doctor', '--config', file.path, '--json')).stdout);
    expect(json).toMatchObject({
      ok: true,
      checks: expect.arrayContaining([expect.objectContaining({ check: 'store', ok: true })]),
      configuration: { timeout: 30 },
    });
  });

  test('CON-G04: advice is marked with !, a problem with ✗ and the way to mend it; the summary names both', async () => {
    await using file = await writeNodeFile();
    writeFileSync(file.path, file.text.replace(PASSWORD, 'abcdefgh').replace(file.database, join(file.folder, 'no', 'evenkeel.db')));
    const { stdout, stderr } = await runDoctor(file);
    expect([stdout, stderr]).toEqual([expect.stringMatching(/\n! passwords: CP001: shorter than 16 characters/), '']);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 of 8 checks failed (store): see ✗ above; advice on passwords: see ! above');
    expect(JSON.parse((await runCommand('doctor', '--config', file.path, '--json')).stdout)).toMatchObject({ ok: false });
  });

  test('a port in use by a running node of this configuration is ok, and the node keeps running', async () => {
    await using file = await writeNodeFile();
    await using _node = await openNodeOf(file);
    const { code, stdout } = await runDoctor(file);
    expect(code).toBe(0);
    expect(stdout).toContain(`listen.port: 127.0.0.1:${file.port} is in use by a running evenkeel`);
    expect(stdout).toContain(`ocpp.port: 127.0.0.1:${file.ocppPort} is in use by a running evenkeel`);
    expect((await fetch(`${file.publicUrl}/health`)).status).toBe(200);
  });

  test('a port in use by another program fails', async () => {
    await using file = await writeNodeFile();
    const otherProgram = createServer().listen(file.ocppPort, '127.0.0.1');
    await once(otherProgram, 'listening');
    const { code, stdout } = await runDoctor(file);
    otherProgram.close();
    expect([code, failures(stdout)]).toEqual([
      1,
      [`✗ ocpp.port: 127.0.0.1:${file.ocppPort} is in use by another program: stop that program, or choose another ocpp.port`],
    ]);
  });

  test('a listen address of another machine fails', async () => {
    await using file = await writeNodeFile();
    file.change('host: 127.0.0.1', 'host: 192.0.2.1');
    const { code, stdout } = await runDoctor(file);
    expect([code, failures(stdout)]).toEqual([
      1,
      [expect.stringMatching(/^✗ listen.port: 192\.0\.2\.1 is not an address of this machine: set listen\.host to one that is/)],
    ]);
  });

  test('a database in a missing folder fails', async () => {
    await using file = await writeNodeFile();
    file.change(file.database, join(file.folder, 'no', 'evenkeel.db'));
    const { code, stdout } = await runDoctor(file);
    expect([code, failures(stdout)]).toEqual([
      1,
      [expect.stringMatching(/^✗ store: .*no\/evenkeel\.db cannot be used .*: set "database" to a file in a folder that this user may write to$/)],
    ]);
  });

  test('SEC-08: a key file that other users can access fails, and so does a file without a key', async () => {
    await using file = await writeNodeFile();
    const key = join(file.folder, 'evenkeel.key');
    writeFileSync(key, Buffer.alloc(32).toString('base64'));
    chmodSync(key, 0o644);
    expect(failures((await runDoctor(file)).stdout)).toEqual([`✗ key file: other users can access ${key} (mode 644): run chmod 600 ${key}`]);
    writeFileSync(key, 'nonsense');
    expect(failures((await runDoctor(file)).stdout)).toEqual([expect.stringContaining('but a key has 32: restore the right file from a backup')]);
  });

  test('SEC-46: a vault that other users can access fails, and so does a missing vault', async () => {
    await using file = await writeNodeFile();
    await (await openNodeOf(file))[Symbol.asyncDispose]();
    const vault = join(file.folder, 'evenkeel.key.drivers');
    chmodSync(vault, 0o644);
    expect(failures((await runDoctor(file)).stdout)).toEqual([`✗ vault: other users can access ${vault} (mode 644): run chmod 600 ${vault}`]);
    rmSync(vault);
    expect(failures((await runDoctor(file)).stdout)).toEqual([]);
    const db = new DatabaseSync(file.database);
    db.exec("INSERT INTO session (key, folded_id, status, last_updated, body, driver) VALUES ('NL*EVK*S', 'S', 'COMPLETED', 1, '{}', 'D')");
    db.close();
    expect(failures((await runDoctor(file)).stdout)).toEqual([
      expect.stringMatching(/^✗ vault: .*evenkeel\.key\.drivers is missing.*restore the file next to the key file/),
    ]);
  });

  const authority = createAuthority('Test authority');
  const files = { good: authority.issue('localhost'), other: authority.issue('localhost'), old: authority.issue('localhost', 'expired') };
  const tls: readonly { what: string; cert: string; key?: string; expected?: RegExp }[] = [
    { what: 'a pair that fits', cert: files.good.cert },
    {
      what: 'a pair that does not fit',
      cert: files.good.cert,
      key: files.other.key,
      expected: /^✗ listen.tls: the certificate in .* does not belong to the key in/,
    },
    {
      what: 'a certificate that has expired',
      cert: files.old.cert,
      key: files.old.key,
      expected: /^✗ listen.tls.cert: .* expired on 2021-01-01T00:00:00.000Z: renew the certificate$/,
    },
    { what: 'a file that is not a certificate', cert: 'nonsense', expected: /^✗ listen.tls.cert: .* cannot be read as PEM/ },
  ];
  test.each(tls)('TLS files: $what', async ({ cert, key = files.good.key, expected }) => {
    await using file = await writeNodeFile();
    const paths = { cert: join(file.folder, 'cert.pem'), key: join(file.folder, 'key.pem') };
    writeFileSync(paths.cert, cert);
    writeFileSync(paths.key, key);
    file.change(`port: ${file.port} }`, `port: ${file.port}, tls: { cert: ${paths.cert}, key: ${paths.key} } }`);
    const { code, stdout } = await runDoctor(file);
    expect([code, failures(stdout)]).toEqual(expected ? [1, [expect.stringMatching(expected)]] : [0, []]);
  });

  test('F-85: a file of authorities that has no valid certificate', async () => {
    await using file = await writeNodeFile();
    const path = join(file.folder, 'ca.pem');
    file.change('insecure_http: true', `insecure_http: true\ntls: { ca_file: ${path} }`);
    expect(failures((await runDoctor(file)).stdout)).toEqual([expect.stringMatching(/^✗ tls.ca_file: .*ca\.pem cannot be read as PEM/)]);
    writeFileSync(path, authority.cert);
    expect((await runDoctor(file)).stdout).toMatch(/^✓ tls.ca_file: .*ca\.pem is valid until/m);
  });

  test('a mistake in the configuration file is the only output', async () => {
    await using file = await writeNodeFile();
    file.change('max_voltage: 230', 'max_voltage: high');
    const { code, stdout, stderr } = await runDoctor(file);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^evenkeel: .*evenkeel\.yaml:14: charge_points\.0\.evses\.0\.max_voltage: found "high"/);
  });

  test('an unreachable PostgreSQL fails, and its password is not shown', async () => {
    await using file = await writeNodeFile('postgres://user:hidden@127.0.0.1:1/db');
    const { code, stdout } = await runDoctor(file);
    expect([code, failures(stdout)]).toEqual([
      1,
      [expect.stringMatching(/^✗ store: PostgreSQL cannot be used \(.*ECONNREFUSED.*\): check that the server is running/)],
    ]);
    expect(stdout).not.toContain('hidden');
  });

  test.skipIf(noPostgres)('a reachable PostgreSQL is written to and read, and its clock is compared', async () => {
    await using file = await writeNodeFile(await freshPostgres());
    const { code, stdout } = await runDoctor(file);
    expect(code).toBe(0);
    expect(stdout).toContain('✓ store: postgres opens, writes and reads back');
    expect(stdout).toMatch(/✓ clock of the store: the clocks of this machine and of PostgreSQL differ by \d+ ms/);
  });
});
