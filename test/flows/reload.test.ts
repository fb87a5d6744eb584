import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/clock.ts';
import { buildCar, plugInStation } from '../../sim/index.ts';
import { amperes, epochMillis, volts } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import { runCommand, startCommand } from '../command.ts';
import { letTimePass } from '../let-time-pass.ts';
import { PASSWORD, writeNodeFile } from '../node-file.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { openWorld, stores, type World } from '../world.ts';
import { openSteered } from './steered.fixture.ts';

const evse = { evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) } as const;
const LOCATION = {
  id: 'LOC2',
  address: 'Keizersgracht 1',
  city: 'Amsterdam',
  country: 'NLD',
  coordinates: { latitude: '52.37403', longitude: '4.88969' },
  time_zone: 'Europe/Amsterdam',
  publish: true,
};

/** The configuration that the node was started with; `more` replaces parts of it. */
const settingsOf = (world: World, more: Partial<Config> = {}): Config => ({ ...world.settings(), ...more });
function pointNamed(world: World, id: string): Config['charge_points'][number] {
  const point = world.settings().charge_points.find((it) => it.id === id);
  if (!point) throw new Error(`the configuration has no ${id}`);
  return point;
}

describe.each(stores)('F-86: a configuration that is read again while the node runs (%s)', (store) => {
  test('a new charge point with its location and token works, and one that is gone loses its connection', async () => {
    await using world = await openWorld({ store });
    const emsp = await world.emsp({ party: { country_code: 'NL', party_id: 'NEW' } });
    const old = await world.station('CP-16');
    const added = { id: 'CP-NEW', password: PASSWORD, location_id: 'LOC2', evses: [{ ...pointNamed(world, 'CP-201').evses[0], uid: 'NEW-1' }] };
    const next = settingsOf(world, {
      charge_points: [...world.settings().charge_points.filter(({ id }) => id !== 'CP-16'), added as Config['charge_points'][number]],
      locations: [LOCATION],
      tokens: [...world.settings().tokens, { ...world.settings().tokens[0], uid: 'FEED', party_id: 'NEW' } as Config['tokens'][number]],
    });
    const gone = world.firstStep('station-disconnected', ({ station }) => station === 'CP-16');
    expect(await world.node().reload(next)).toEqual({ ok: true, value: { changed: ['charge_points', 'locations', 'tokens'], refused: [] } });
    expect(await gone).toBeDefined();
    await expect(old.reconnect()).rejects.toThrow();
    await using station = await plugInStation({
      id: 'CP-NEW',
      password: PASSWORD,
      version: '2.0.1',
      evses: [evse],
      url: `ws://127.0.0.1:${world.node().ocppPort}/ocpp`,
      clock: world.clock,
    });
    await station.plugIn(1, { car: buildCar(), idToken: { uid: 'FEED', type: 'ISO14443' } });
    const session = await emsp.session((it) => it.status === 'ACTIVE');
    expect(session).toMatchObject({ location_id: 'LOC2', evse_uid: 'NEW-1' });
    expect(await (await emsp.set(String(session.id), upTo(10))).later).toEqual({ result: 'ACCEPTED' });
    expect(await emsp.location(({ id }) => id === 'LOC2')).toMatchObject({ city: 'Amsterdam', publish: true });
  });

  test('a contract begins and ends', async () => {
    await using it = await openSteered(store);
    const scsp = await it.world.emsp({ role: 'SCSP' });
    const contracts: Config['contracts'] = [{ party: 'NL*SCS', may: ['see', 'control'] }];
    const consents: Config['consents'] = [
      { token: '*', party: 'NL*SCS', purpose: 'smart_charging', text_version: 'terms-7', given_at: '2026-01-01T00:00:00Z' },
    ];
    expect(await it.world.node().reload(settingsOf(it.world, { contracts, consents }))).toMatchObject({ value: { changed: ['contracts', 'consents'] } });
    await it.until(scsp.session((session) => session.status === 'ACTIVE'));
    expect(await it.world.node().reload(settingsOf(it.world, { consents }))).toMatchObject({ value: { changed: ['contracts'] } });
    expect((await scsp.set(it.session, upTo(10))).result).toBe('UNKNOWN_SESSION');
  });
});

describe('F-86: a configuration that is read again', () => {
  test('a site that is added limits a running session, and one that is removed lifts its limit', async () => {
    const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
    await using world = await openWorld({ clock });
    const until = <T>(event: Promise<T>) => letTimePass(clock, event, `${world.node().publicUrl}/health`);
    const station = await world.station('CP-201');
    await world.charging(await world.emsp(), station);
    const site = (a: number): Config['sites'] => [
      { name: 'garage', rule: 'equal', time_zone: 'UTC', voltage: 230, limit: { a }, evses: [{ uid: 'CP-201-1' }] },
    ];
    for (const [sites, limit] of [
      [site(12), 12],
      [site(20), 20],
      [[], 32],
    ] as const) {
      const reloaded = world.nextStep('site-limit-answered', ({ current, answer }) => current === limit && answer === 'ACCEPTED');
      expect(await world.node().reload(settingsOf(world, { sites: [...sites] }))).toMatchObject({ ok: true, value: { changed: ['sites'] } });
      await until(reloaded);
      expect(station.installed()).toMatchObject([{ purpose: 'max', schedule: { periods: [{ limit }] } }]);
      expect((await fetch(`${world.node().publicUrl}/health/ready`)).status).toBe(200);
    }
    const system = await openApiClient(world.node(), 'view');
    expect((await system.request('GET sites')).body).toMatchObject({ items: [] });
  });

  test('what needs a restart is named and changes nothing; a configuration that the node could not run on is refused as a whole', async () => {
    await using world = await openWorld();
    const listen = { ...world.settings().listen, port: 1 };
    const tokens = world.settings().tokens.slice(0, 1);
    expect(await world.node().reload(settingsOf(world, { listen, currency: 'SEK', tokens }))).toEqual({
      ok: true,
      value: { changed: ['tokens'], refused: ['listen.port', 'currency'] },
    });
    const twice = [pointNamed(world, 'CP-16'), pointNamed(world, 'CP-16')];
    expect(await world.node().reload(settingsOf(world, { charge_points: twice, tokens }))).toMatchObject({
      ok: false,
      problem: expect.arrayContaining([expect.stringContaining('charge_points: id CP-16 is used twice')]),
    });
    await world.station('CP-201');
  });

  test('SIGHUP reads the file; the log says what changed, what needs a restart, and which mistakes it has', { timeout: 60_000 }, async () => {
    await using file = await writeNodeFile();
    await using node = startCommand(['serve', '--config', file.path]);
    await node.line(/ready/);
    const reload = async (event: string) => {
      node.signal('SIGHUP');
      return node.errorLine(new RegExp(`"event":"${event}"`));
    };
    file.change(
      'charge_points:\n',
      `currency: SEK\ncharge_points:\n  - { id: CP2, password: ${PASSWORD}, location_id: LOC1, evses: [{ uid: E2, evse_id: 1, power_type: DC, max_voltage: 800, max_amperage: 200 }] }\n`,
    );
    expect(await reload('configuration-reloaded')).toContain('"changed":["charge_points"]');
    expect(await node.errorLine(/configuration-needs-restart/)).toContain('"keys":["currency"]');
    const made = await runCommand('keys', 'add', '--json', '--config', file.path, '--name', 'x', '--scope', 'view');
    const stations = await fetch(`${file.publicUrl}/api/v1/stations`, { headers: { authorization: `Bearer ${JSON.parse(made.stdout).key}` } });
    expect(JSON.stringify(await stations.json())).toContain('"CP2"');
    file.change('role: CPO', 'role: CPOO');
    expect(await reload('configuration-refused')).toMatch(/evenkeel\.yaml:\d+: parties\.0\.role: /);
    node.signal('SIGTERM');
    expect((await node.ended).code).toBe(0);
  });
});
