import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../src/node/config/config-file.ts';
import { createNode, type Node } from '../../src/node/node.ts';
import { createAuthority } from '../certificates.ts';
import { openFakeIssuer } from '../fake-issuer.ts';
import { freePorts } from '../free-ports.ts';

const authority = createAuthority('Authority of a private network');
let folder = '';
const file = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-private-'));
  const identity = authority.issue('127.0.0.1');
  writeFileSync(file('ca.pem'), authority.cert);
  writeFileSync(file('cert.pem'), identity.cert);
  writeFileSync(file('key.pem'), identity.key);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts a node with https at an address of this machine; `more` is YAML. */
async function startNode(party: { role: string; id: string }, more: string): Promise<Node> {
  const [port = 0] = await freePorts(1);
  const config = parseConfig(`
listen: { port: ${port}, tls: { cert: ${file('cert.pem')}, key: ${file('key.pem')} } }
public_url: https://127.0.0.1:${port}
database: ":memory:"
parties: [{ role: ${party.role}, country_code: NL, party_id: ${party.id}, name: ${party.id} }]
${more}`);
  if (!config.ok) throw new Error(JSON.stringify(config.problem));
  return await createNode(config.value);
}
const trusting = () => `tls: { ca_file: ${file('ca.pem')} }`;
const both = () => `${trusting()}\nreachable: [127.0.0.1]`;

/** Invites the party of a node and registers that node. */
async function register(node: Node, at: Node) {
  const token = await at.registration.invite({ role: 'EMSP', country_code: 'NL', party_id: 'MSP' });
  if (!token.ok) throw new Error(token.problem);
  return await node.registration.register(`${at.publicUrl}/ocpi/versions`, token.value);
}

test('F-85: two nodes of a private network register with the certificates of their own authority, without insecure_http', async () => {
  await using cpo = await startNode({ role: 'CPO', id: 'EVK' }, both());
  await using emsp = await startNode({ role: 'EMSP', id: 'MSP' }, both());
  expect(await register(emsp, cpo)).toMatchObject({ ok: true, value: { id: 'NL*EVK', status: 'REGISTERED' } });
});

test('F-85: an address or an authority that is not configured is refused, and the error names the setting', async () => {
  await using cpo = await startNode({ role: 'CPO', id: 'EVK' }, both());
  await using elsewhere = await startNode({ role: 'EMSP', id: 'MSP' }, `${trusting()}\nreachable: [10.0.0.0/8]`);
  expect(await register(elsewhere, cpo)).toMatchObject({ ok: false, problem: expect.stringMatching(/127\.0\.0\.1, which is not public.*reachable/) });
  await using distrusting = await startNode({ role: 'EMSP', id: 'MSP' }, 'reachable: [127.0.0.1]');
  expect(await register(distrusting, cpo)).toMatchObject({ ok: false, problem: expect.stringMatching(/tls: .*tls\.ca_file/) });
});

test('F-85: a peer at an address that is not reachable from here cannot register here, and hears why', async () => {
  await using cpo = await startNode({ role: 'CPO', id: 'EVK' }, `${trusting()}\nreachable: [10.0.0.0/8]`);
  await using emsp = await startNode({ role: 'EMSP', id: 'MSP' }, both());
  expect(await register(emsp, cpo)).toMatchObject({ ok: false, problem: expect.stringContaining('127.0.0.1, which is not public') });
});

test('F-85: users sign in at an issuer with a certificate of that authority', async () => {
  const client = { id: 'evenkeel', secret: 'a-secret-of-the-client' };
  writeFileSync(file('secret'), client.secret);
  await using issuer = await openFakeIssuer(client, authority.issue('127.0.0.1'));
  issuer.claims = { preferred_username: 'anna', roles: ['admin'] };
  const oidc = `console: { oidc: { issuer: "${issuer.url}", client_id: ${client.id}, client_secret_file: ${file('secret')} } }`;
  const signIn = async (node: Node) => {
    const get = (url: string | URL, cookie = '') =>
      fetch(url, { redirect: 'manual', headers: { cookie }, dispatcher: new Agent({ connect: { ca: authority.cert }, pipelining: 0 }) });
    const begun = await get(`${node.publicUrl}/api/v1/login/oidc`);
    const to = begun.headers.get('location') ?? '';
    if (!to.startsWith(issuer.url)) return to;
    return (await get(issuer.authorize(to), begun.headers.getSetCookie()[0]?.split(';')[0])).headers.get('location');
  };
  await using trusted = await startNode({ role: 'CPO', id: 'EVK' }, `${trusting()}\n${oidc}`);
  expect(await signIn(trusted)).toBe('/console/');
  await using distrusted = await startNode({ role: 'CPO', id: 'EVK' }, oidc);
  expect(await signIn(distrusted)).toBe('/console/?failed=oidc');
});

test('F-85: a file of authorities that cannot be used stops the start, and the error names it', async () => {
  writeFileSync(file('text.pem'), 'no certificate');
  await expect(startNode({ role: 'CPO', id: 'EVK' }, `tls: { ca_file: ${file('absent.pem')} }`)).rejects.toThrow(/tls\.ca_file: .*absent\.pem cannot be read/);
  await expect(startNode({ role: 'CPO', id: 'EVK' }, `tls: { ca_file: ${file('text.pem')} }`)).rejects.toThrow(
    /tls\.ca_file: .*text\.pem holds no certificate/,
  );
});
