import { describe, expect, test } from 'vitest';
import { json, type OpenServer, openServer, send, serverOfFile, validSet } from '../open-server.fixture.ts';

const server = await serverOfFile();

describe('what a server offers', () => {
  const details = async (at: OpenServer, edition: string) => (await send(at, `GET /ocpi/${edition}`)).envelope.data;

  test('VER-01, VER-02, TRN-52: the versions endpoint lists each edition with an absolute URL that names it', async () => {
    expect((await send(server, 'GET /ocpi/versions')).envelope.data).toEqual([
      { version: '2.2.1', url: `${server.base}/ocpi/2.2.1` },
      { version: '2.3.0', url: `${server.base}/ocpi/2.3.0` },
    ]);
  });

  test('VER-03, VER-04, VER-05, VER-07, VER-11: the details list each module once for each interface, credentials once as SENDER', async () => {
    const at = `${server.base}/ocpi/2.3.0`;
    expect(await details(server, '2.3.0')).toEqual({
      version: '2.3.0',
      endpoints: expect.toSatisfy((found: unknown[]) => found.length === 7),
    });
    expect(await details(server, '2.3.0')).toMatchObject({
      endpoints: expect.arrayContaining([
        { identifier: 'credentials', role: 'SENDER', url: `${at}/credentials` },
        { identifier: 'sessions', role: 'SENDER', url: `${at}/sender/sessions` },
        { identifier: 'sessions', role: 'RECEIVER', url: `${at}/receiver/sessions` },
        { identifier: 'tokens', role: 'SENDER', url: `${at}/sender/tokens` },
        { identifier: 'tokens', role: 'RECEIVER', url: `${at}/receiver/tokens` },
        { identifier: 'chargingprofiles', role: 'SENDER', url: `${at}/sender/chargingprofiles` },
        { identifier: 'chargingprofiles', role: 'RECEIVER', url: `${at}/receiver/chargingprofiles` },
      ]),
    });
  });

  test('VER-04: a module that nothing is bound to is not listed', async () => {
    await using small = await openServer((bindings) => bindings.filter((it) => it.endpoint.module === 'credentials'));
    expect(await details(small, '2.2.1')).toEqual({
      version: '2.2.1',
      endpoints: [{ identifier: 'credentials', role: 'SENDER', url: `${small.base}/ocpi/2.2.1/credentials` }],
    });
  });

  test('both editions answer at once, and the answerer knows which one was asked', async () => {
    await send(server, 'PUT /ocpi/2.3.0/receiver/chargingprofiles/S1', json(validSet));
    expect(server.asked[0]?.request).toMatchObject({ edition: '2.3.0' });
  });
});
