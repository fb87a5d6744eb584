import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openCsms, realClock } from '../../sim/index.ts';
import type { Config } from '../../src/node/config/config.ts';
import { upTo } from '../profile-requests.ts';
import { openWorld, type StationName, stationVersions } from '../world.ts';

const upstreamTo = (url: string): NonNullable<Config['ocpp']> => ({
  host: '127.0.0.1',
  port: 0,
  security_profile: 1,
  upstream: {
    url: `${url}/{id}`,
    authorization: 'pass',
    when_away: 'keep',
    keep: { messages: 100, days: 7, authorize: 'tokens' },
    smart_charging: 'strictest',
    mode: 'act',
  },
});

test.each(Object.keys(stationVersions) as StationName[])(
  'GW-A12: a profile of an eMSP is set, read and cleared at %s behind a CSMS, which sees the messages of its station and none of ours',
  async (name) => {
    await using csms = await openCsms({ clock: realClock() });
    await using world = await openWorld({ config: { ocpp: upstreamTo(csms.url) } });
    const emsp = await world.emsp();
    const point = await world.station(name);
    const session = await world.charging(emsp, point);
    for (const amperes of [8, 12]) expect(await (await emsp.set(session, upTo(amperes))).later).toMatchObject({ result: 'ACCEPTED' });
    expect(await (await emsp.get(session, 900)).later).toMatchObject({
      result: 'ACCEPTED',
      profile: { charging_profile: { charging_profile_period: [{ limit: 12 }] } },
    });
    expect(await (await emsp.clear(session, {})).later).toMatchObject({ result: 'ACCEPTED' });
    expect(csms.received(name, 'BootNotification')).toHaveLength(1);
    expect(csms.received(name, name === 'CP-16' ? 'StartTransaction' : 'TransactionEvent').length).toBeGreaterThan(0);
    expect(await csms.violations()).toEqual([]);
    // What the CSMS got is what the station sent, but for answers to calls of the node.
    const atCsms = csms.frames.filter((it) => it.station === name && it.from === 'station').map(({ text }) => text);
    const sent = point.frames.filter(({ from }) => from === 'station').map(({ frame }) => JSON.stringify(frame));
    expect(sent.filter((it) => atCsms.includes(it))).toEqual(atCsms);
    expect(sent.filter((it) => !atCsms.includes(it)).every((it) => it.startsWith('[3,'))).toBe(true);
  },
);

test('GW-A06: a CSMS at an address that is not allowed counts as away, and the log names the setting that allows it', async () => {
  await using csms = await openCsms({ clock: realClock() });
  const lines: string[] = [];
  await using world = await openWorld({
    config: { ocpp: upstreamTo(csms.url.replace('ws:', 'wss:')), insecure_http: false, public_url: 'https://cpo.example' },
    log: (_level, event, facts) => void lines.push(`${event} ${JSON.stringify(facts)}`),
  });
  const headers = { authorization: `Basic ${Buffer.from('CP-16:0123456789abcdef').toString('base64')}` };
  const socket = new WebSocket(`ws://127.0.0.1:${world.node().ocppPort}/ocpp/CP-16`, 'ocpp1.6', { headers });
  const [, { statusCode }] = await once(socket, 'unexpected-response');
  socket.on('error', () => undefined).terminate();
  expect(statusCode).toBe(503);
  expect(lines.filter((it) => it.startsWith('csms-away')).join()).toMatch(/127\.0\.0\.1/);
  expect(csms.connections).toEqual([]);
});
