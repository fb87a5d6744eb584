import { once } from 'node:events';
import { expect, test } from 'vitest';
import { dialects } from '../dialects.ts';
import { openBareCsms, openPairs } from './bare-csms.fixture.ts';

const FILES = { '1.6': 'ocpp16', '2.0.1': 'ocpp20', '2.1': 'ocpp21' } as const;

/** Every action of a version, and one that no version has. */
async function actionsOf(version: keyof typeof FILES): Promise<readonly string[]> {
  const schemas: object = await import(`typed-ocpp/dist/${FILES[version]}/schemas.js`);
  return [...Object.keys(schemas).flatMap((name) => (name.endsWith('Request') ? [name.replace(/Request$/, '')] : [])), 'SoonToBeInvented'];
}

const actions = (await Promise.all(dialects.map(async (it) => (await actionsOf(it.version)).map((action) => ({ action, version: it.version }))))).flat();

test('GW-A11: the table has every action of each version', () => {
  const counted = Object.groupBy(actions, ({ version }) => version);
  expect(Object.values(counted).map((them) => (them?.length ?? 0) > 35)).toEqual([true, true, true]);
});

test.each(dialects)(
  'GW-A11: each action of OCPP $version passes in both directions byte for byte, and its answer passes back',
  async ({ version, subprotocol }) => {
    await using csms = await openBareCsms();
    await using world = await openPairs(csms, { upstream: { acts: false } });
    const station = await world.station({ protocols: subprotocol });
    const named = actions.filter((it) => it.version === version).map(({ action }) => action);
    for (const [n, action] of named.entries()) {
      // No payload of the standard: what passes is not judged.
      const [call, answer] = [`[2, "${n}", "${action}", {"n": ${n}.50, "customData": {"vendorId": "\\u00e9"}}]`, `[3, "${n}", {"status" : "Accepted"} ]`];
      station.socket.send(call);
      expect(String(await csms.nextMessage())).toBe(call);
      const answered = once(station.socket, 'message');
      csms.socket().send(answer);
      expect(String((await answered)[0])).toBe(answer);
      const called = once(station.socket, 'message');
      csms.socket().send(call);
      expect(String((await called)[0])).toBe(call);
      station.socket.send(answer);
      expect(String(await csms.nextMessage())).toBe(answer);
    }
    await expect.poll(() => world.observed.length + (world.server.counts()['not-observed'] ?? 0)).toBeGreaterThan(0);
  },
);
