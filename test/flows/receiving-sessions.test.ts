import { describe, expect, test } from 'vitest';
import type { Fields } from '../../sim/partner/wire.ts';
import type { Cpo } from '../../sim/partner.ts';
import { type EmspWorld, keyAt, openEmspWorld } from '../emsp-world.ts';
import { stores } from '../world.ts';

const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`;
const period = (minute: number) => ({ start_date_time: at(minute), dimensions: [{ type: 'ENERGY', volume: 1 }] });
const sessionOf = (cpo: Cpo, id: string, more: Fields = {}): Fields & { id: string } => ({
  country_code: cpo.role.country_code,
  party_id: cpo.role.party_id,
  id,
  start_date_time: at(0),
  kwh: 1,
  cdr_token: { country_code: 'NL', party_id: 'EVK', uid: 'DEADBEEF', type: 'RFID', contract_id: 'NL-EVK-C1' },
  auth_method: 'WHITELIST',
  location_id: 'LOC1',
  evse_uid: 'E1',
  connector_id: '1',
  currency: 'EUR',
  status: 'ACTIVE',
  last_updated: at(1),
  ...more,
});
const pulled = (world: EmspWorld, cpo: Cpo, id: string) => world.step('session-came', (it) => it.by === 'pull' && it.session === keyAt(cpo, id));

describe.each(stores)('an eMSP keeps what CPOs tell it of sessions (%s)', (store) => {
  test('TRN-31, SES-31, SES-32: a PUT leaves nothing of the object before it, neither a field nor a period', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    await cpo.put(sessionOf(cpo, 'S1', { meter_id: 'M1', total_cost: { excl_vat: 2 }, charging_periods: [period(1), period(2)] }));
    expect((await world.held(cpo, 'S1')).session).toMatchObject({ meter_id: 'M1', charging_periods: [period(1), period(2)] });

    await cpo.put(sessionOf(cpo, 'S1', { last_updated: at(2), charging_periods: [period(3)] }));
    const replaced = (await world.held(cpo, 'S1')).session;
    expect(replaced).toMatchObject({ charging_periods: [period(3)] });
    expect(replaced).not.toHaveProperty('meter_id');
    expect(replaced).not.toHaveProperty('total_cost');

    for (const [minute, none] of [
      [3, {}],
      [4, { charging_periods: [] }],
    ] as const) {
      await cpo.put(sessionOf(cpo, 'S1', { last_updated: at(minute), charging_periods: [period(9)] }));
      await cpo.put(sessionOf(cpo, 'S1', { last_updated: at(minute + 4), ...none }));
      expect((await world.held(cpo, 'S1')).session?.charging_periods ?? []).toEqual([]);
    }
  });

  test('TYP-02: the id of a session is one id in whatever case it is written, and is told as its CPO wrote it', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    await cpo.put(sessionOf(cpo, 'Abc-1i'));
    const again = await cpo.put(sessionOf(cpo, 'ABC-1I', { kwh: 2, last_updated: at(2) }));
    expect(again.http).toBe(200);
    expect(await world.held(cpo, 'abc-1i')).toMatchObject({ http: 200, session: { id: 'ABC-1I', kwh: 2 } });
    expect((await world.held(cpo, 'abc-1j')).http).toBe(404);
  });

  test('TRN-11, TRN-54, SES-06, SES-07, SES-09: what was missed while it was down is pulled from where it had got to, and counts whole', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    await cpo.put(sessionOf(cpo, 'S1', { meter_id: 'M1' }));
    await world.stop();
    cpo.sessions.set('S1', sessionOf(cpo, 'S1', { kwh: 5, last_updated: at(9) }));
    cpo.sessions.set('S2', sessionOf(cpo, 'S2', { last_updated: at(10) }));
    await world.start();
    await pulled(world, cpo, 'S2');
    const { session } = await world.held(cpo, 'S1');
    expect(session).toMatchObject({ kwh: 5 });
    expect(session).not.toHaveProperty('meter_id');
    const lists = cpo.requests.filter((it) => it.face === 'sessions' && it.method === 'GET');
    expect(lists.every((it) => it.url.includes('date_from='))).toBe(true);

    await world.stop();
    await world.start();
    const next = await cpo.heard((it) => it.face === 'sessions' && it.method === 'GET' && !lists.includes(it));
    expect(decodeURIComponent(next.url)).toContain('date_from=2026-03-01T10:05:00.000Z');
  });
});
