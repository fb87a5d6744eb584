import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import { fieldsOf, listOf } from '../../sim/partner/wire.ts';
import type { Emsp } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import { badge, openWorld, type StoreKind, stores } from '../world.ts';
import { consent, contract } from './delegated.fixture.ts';

const OWNER = { party: 'NL*MSP', may: ['see' as const], push_every: 30 };
type Contract = Config['contracts'][number];

/** A node with an OCPP 1.6 station that says what the test makes it say, its eMSP and an SCSP with a contract. */
async function openMeasured(store: StoreKind, contracts: readonly Contract[]) {
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
  await using stack = new AsyncDisposableStack();
  const consents = [consent(), consent({ party: 'NL*MSP' })];
  const world = stack.use(await openWorld({ store, clock, config: { contracts: [...contracts], consents } }));
  const emsp = await world.emsp();
  const scsp = await world.emsp({ role: 'SCSP' });
  const station = await world.station('CP-16');
  const timestamp = () => new Date(clock.now()).toISOString();
  const kept = stack.move();
  return {
    world,
    clock,
    emsp,
    scsp,
    start: () => station.call('StartTransaction', { connectorId: 1, idTag: badge.uid, meterStart: 0, timestamp: timestamp() }),
    says: async (status: string) => void (await station.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status, timestamp: timestamp() })),
    /** Sends meter values, and resolves when the session has their energy. */
    meter: async (values: { wh: number; watts: number; amperes: number; percent: number }) => {
      const sample = (measurand: string, value: number, more: object) => ({ measurand, value: String(value), ...more });
      const sampledValue = [
        sample('Energy.Active.Import.Register', values.wh, { unit: 'Wh' }),
        sample('Power.Active.Import', values.watts, { unit: 'W' }),
        ...['L1', 'L2', 'L3'].map((phase) => sample('Current.Import', values.amperes, { unit: 'A', phase })),
        sample('SoC', values.percent, { unit: 'Percent', location: 'EV' }),
      ];
      await station.call('MeterValues', { connectorId: 1, meterValue: [{ timestamp: timestamp(), sampledValue }] });
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const periodsOf = (session: Record<string, unknown> | undefined) =>
  listOf(session?.charging_periods).map((period) =>
    Object.fromEntries(
      listOf(fieldsOf(period).dimensions)
        .map(fieldsOf)
        .map(({ type, volume }) => [type, volume]),
    ),
  );
const kwhOf = ({ sessions }: Emsp) => [...sessions.values()].map(({ kwh }) => kwh);

describe.each(stores)('what a session tells of its measured values (%s)', (store) => {
  test('CDP-03, CDP-04, CDP-06: periods carry power, current and time; the state of charge goes by contract only; pushes wait, and a change of state does not', async () => {
    await using it = await openMeasured(store, [contract({ state_of_charge: true }), OWNER]);
    await it.start();
    await it.says('Charging');
    await it.emsp.session(({ status }) => status === 'ACTIVE');
    await it.scsp.session(({ status }) => status === 'ACTIVE');
    await it.clock.advance(300_000);
    await it.meter({ wh: 900, watts: 10_800, amperes: 15.6, percent: 41 });
    await it.emsp.session(({ kwh }) => kwh === 0.9);
    await it.scsp.session(({ kwh }) => kwh === 0.9);
    const expected = { ENERGY: 0.9, TIME: 0.0833, POWER: 10.8, MAX_POWER: 10.8, CURRENT: 46.8, MIN_CURRENT: 46.8 };
    const [atOwner, atScsp] = [await it.emsp.pullSessions(), await it.scsp.pullSessions()].map(([session]) => periodsOf(session)[0]);
    expect([atOwner, atScsp]).toMatchObject([expected, { ...expected, STATE_OF_CHARGE: 41 }]);
    for (const { body } of it.emsp.requests) expect(body).not.toContain('STATE_OF_CHARGE');
    expect(periodsOf([...it.scsp.sessions.values()][0])[0]).toMatchObject({ STATE_OF_CHARGE: 41 });

    await it.clock.advance(10_000);
    await it.meter({ wh: 930, watts: 10_800, amperes: 15.6, percent: 41 });
    expect((await it.emsp.pullSessions())[0]?.kwh).toBe(0.93);
    expect([kwhOf(it.emsp), kwhOf(it.scsp)]).toEqual([[0.9], [0.9]]);
    await it.clock.advance(20_000);
    await it.emsp.session(({ kwh }) => kwh === 0.93);
    expect(kwhOf(it.scsp)).toEqual([0.9]);

    await it.says('SuspendedEV');
    const suspended = await it.scsp.session((session) => 'PARKING_TIME' in (periodsOf(session).at(-1) ?? {}));
    expect(suspended.kwh).toBe(0.93);
    const { items } = await it.world.node().sessions();
    expect(items[0]).toMatchObject({ charging: false, suspended_by: 'EV', state_of_charge: 41, current: 46.8 });
  });
});
