import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { createAuthority } from '../certificates.ts';
import { openWorld } from '../world.ts';

/** Resolves with the type of the key in the certificate that the server shows to a client with this cipher; rejects when they find none in common. */
function keyShownTo(cipher: string, port: number, ca: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca, ciphers: cipher, maxVersion: 'TLSv1.2' }, () => {
      resolve(socket.getPeerX509Certificate()?.publicKey.asymmetricKeyType);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

test.each([
  [['ec', 'rsa'], 'rsa'],
  [['ec'], 'refused'],
] as const)('F-35: with certificates %j a charge point that takes EC is served, and one that takes RSA only: %s', async (kinds, rsa) => {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-tls-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const authority = createAuthority('Station CA');
  const files = kinds.map((kind) => {
    const [cert, key] = [join(folder, `${kind}.pem`), join(folder, `${kind}.key`)];
    const issued = authority.issue('127.0.0.1', 'valid', kind);
    writeFileSync(cert, issued.cert);
    writeFileSync(key, issued.key);
    return { cert, key };
  });
  const tls = { cert: files.map((it) => it.cert), key: files.map((it) => it.key) };
  const world = stack.use(await openWorld({ config: { ocpp: { host: '127.0.0.1', port: 0, security_profile: 2, tls } } }));
  const port = world.node().ocppPort ?? 0;
  expect(await keyShownTo('ECDHE-ECDSA-AES128-GCM-SHA256', port, authority.cert)).toBe('ec');
  const shown = await keyShownTo('ECDHE-RSA-AES128-GCM-SHA256', port, authority.cert).catch(() => 'refused');
  expect(shown).toBe(rsa);
});
