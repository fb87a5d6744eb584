import { describe, expect, test } from 'vitest';
import { errorOf } from '../operator-api.ts';
import { openWorld, stores } from '../world.ts';
import { signedIn } from './console.fixture.ts';

describe.each(stores)('the reads and changes of the console (%s)', (store) => {
  test('a session with a profile: overview, messages, series, station and peer show it', async () => {
    await using world = await openWorld({ store, config: { console: {} } });
    const emsp = await world.emsp();
    const id = await world.charging(emsp, await world.station('CP-16'));
    const browser = await signedIn(world.node(), 'operate');
    const set = await browser.ask(`PUT sessions/${id}/charging-profile?wait=10`, { limit: 10, unit: 'A' });
    expect(set.body).toMatchObject({ outcome: 'ACCEPTED', side: 'own' });

    const overview = (await browser.ask('GET overview')).body;
    expect(overview).toMatchObject({
      sessions: { ACTIVE: 1 },
      stations: { connected: 1, known: 3 },
      peers: { REGISTERED: 1 },
      exchanges: expect.arrayContaining([{ minute: expect.stringMatching(/:00\.000Z$/), outcome: 'ACCEPTED', count: expect.any(Number) }]),
      halted: [],
      security: [],
      complaints: [],
    });

    const messages = (await browser.ask(`GET exchanges/${set.body.id}/messages`)).body;
    expect(messages).toMatchObject({
      exchange: { id: set.body.id },
      messages: [
        { step: 'request', from: 'operator', to: 'node', body: { charging_profile: { charging_rate_unit: 'A' } }, after_ms: 0 },
        { step: 'station-call', from: 'node', to: 'CP-16', protocol: 'OCPP', name: 'SetChargingProfile', at: expect.any(String) },
        { step: 'station-answer', from: 'CP-16', word: 'ACCEPTED', at: expect.any(String) },
        { step: 'end' },
      ],
    });

    const series = (await browser.ask(`GET sessions/${id}/series`)).body;
    expect(series).toMatchObject({
      phases: 3,
      voltage: 230,
      maximum: { amperes: 32, watts: 22080 },
      requested: [{ outcome: 'ACCEPTED', open: false, charging_profile: { charging_rate_unit: 'A' } }],
      lines: { requested: [[expect.any(Number), 6900]], maximum: [[expect.any(Number), 22080]] },
    });

    expect((await browser.ask('GET stations/CP-16')).body).toMatchObject({
      connection: { online: true, ocpp: '1.6', epoch: expect.any(Number) },
      abilities: { smart_charging: true, units: expect.any(Array) },
      sessions: [{ session: { id } }],
    });
    expect((await browser.ask('GET stations/none')).status).toBe(404);
    expect((await browser.ask('GET peers/NL*MSP')).body).toMatchObject({
      id: 'NL*MSP',
      status: 'REGISTERED',
      origins: [expect.any(String)],
      contracts: [],
      halted: [],
    });
    expect(JSON.stringify((await browser.ask('GET peers/NL*MSP')).body)).not.toMatch(/token/i);
    expect((await browser.ask('GET peers/NL*XYZ')).status).toBe(404);
    expect(errorOf(await browser.ask('GET plan'))).toMatchObject({ code: 'NOT_FOUND' });

    const found = async (q: string) => Object((await browser.ask(`GET sessions?q=${encodeURIComponent(q)}`)).body).items.length;
    expect([await found(id.slice(0, 5).toLowerCase()), await found('cp-16'), await found('%'), await found('nobody')]).toEqual([1, 1, 0, 0]);
    expect((await browser.ask(`GET exchanges?q=${String(set.body.request_id).slice(0, 12)}`)).body).toMatchObject({ items: [{ id: set.body.id }] });
  });

  test('an admin changes contracts, consents, peers and keys, as a command does', async () => {
    await using world = await openWorld({ store, config: { console: {} } });
    const browser = await signedIn(world.node(), 'admin');
    const contract = await browser.ask('POST contracts', { party: 'NL*SCS', may: ['see'] });
    expect(contract).toMatchObject({ status: 200, body: { party: 'NL*SCS', may: ['see'], consented: false, halted: false } });
    expect(errorOf(await browser.ask('POST contracts', { party: 'NL*SCS', may: ['see'] }))).toMatchObject({ code: 'NOT_POSSIBLE' });
    expect(errorOf(await browser.ask('POST contracts', { party: 'NL*SCS', may: ['see'], until: '2026-02-30T00:00:00Z' }))).toMatchObject({ field: 'until' });
    await browser.ask('POST consents', { token: '*', party: 'NL*SCS', text_version: '1', given_at: '2026-01-01T00:00:00Z' });
    expect((await browser.ask('GET contracts')).body).toMatchObject({ items: [{ id: contract.body.id, consented: true }] });
    expect((await browser.ask('GET consents')).body).toMatchObject({ items: [{ driver: '*', text_version: '1' }] });
    expect((await browser.ask('POST consents/withdraw', { driver: '*', party: 'NL*SCS' })).body).toMatchObject({ withdrawn_at: expect.any(String) });
    expect((await browser.ask(`DELETE contracts/${contract.body.id}`)).body).toMatchObject({ ended_at: expect.any(String) });
    expect(errorOf(await browser.ask(`DELETE contracts/${contract.body.id}`))).toMatchObject({ code: 'NOT_POSSIBLE' });

    const { body } = await browser.ask('POST peers', { role: 'EMSP', country_code: 'NL', party_id: 'MSP' });
    expect(body).toMatchObject({ invited: { party: 'NL*MSP', versions_url: `${world.node().publicUrl}/ocpi/versions` } });
    await world.emsp();
    expect((await browser.ask('POST peers/NL*MSP/rotate')).body).toMatchObject({ id: 'NL*MSP', status: 'REGISTERED' });
    expect((await browser.ask('POST peers/NL*MSP/unregister')).body).toEqual({ told: true });
    expect((await browser.ask('POST peers/NL*XYZ/rotate')).status).toBe(404);
    const refused = await browser.ask('POST peers', { versions_url: 'http://127.0.0.1:1/versions', token: 'x' });
    expect([refused.status, errorOf(refused).code]).toEqual([409, 'NOT_POSSIBLE']);

    const key = await browser.ask('POST keys', { name: 'billing', scope: 'admin' });
    expect((await browser.ask(`DELETE keys/${key.body.id}`)).body).toMatchObject({ revoked_at: expect.any(String) });
  });
});
