import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createAuthority } from '../../test/certificates.ts';
import { readTlsFiles } from './tls-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const authority = createAuthority('Test CA');
const [one, other] = [authority.issue('127.0.0.1'), authority.issue('127.0.0.1')];
const cert = file('cert.pem', one.cert);

test('F-76: files that fit are read', () => {
  expect(readTlsFiles('listen.tls', { cert, key: file('key.pem', one.key), ca: file('ca.pem', authority.cert) })).toEqual({
    cert: [one.cert],
    key: [one.key],
    ca: authority.cert,
  });
});

test('F-76: a file that is missing, no PEM, or of another certificate is named with its option and what to do', () => {
  const missing = join(folder, 'none.pem');
  expect(() => readTlsFiles('ocpp.tls', { cert, key: missing })).toThrow(`ocpp.tls.key: ${missing} cannot be read (ENOENT): name a PEM file`);
  expect(() => readTlsFiles('listen.tls', { cert, key: file('other.pem', other.key) })).toThrow(
    /^listen\.tls: TLS cannot use .*cert\.pem with .*other\.pem \(.*mismatch.*\): name/,
  );
  expect(() => readTlsFiles('listen.tls', { cert: file('text.pem', 'no PEM'), key: file('key.pem', one.key) })).toThrow(
    /^listen\.tls: TLS cannot use .*text\.pem/,
  );
});
