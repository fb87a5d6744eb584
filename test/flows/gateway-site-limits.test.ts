import { describe, expect, test } from 'vitest';
import { buildCar, plugInStation, virtualClock } from '../../sim/index.ts';
import { stationId } from '../../src/domain/ids.ts';
import type { SmartChargingMode } from '../../src/domain/profile/csms-wish.ts';
import { amperes, epochMillis, volts } from '../../src/domain/units.ts';
import { upTo } from '../profile-requests.ts';
import { badge, openWorld } from '../world.ts';
import { currentOf, openGarage, SITE, W_PER_A } from './garage.fixture.ts';

const DUO = stationId('DUO');
const EVSES = [1, 2].map((n) => ({ uid: `DUO-${n}`, evse_id: n, connector_id: 1, power_type: 'AC_3_PHASE' as const, max_voltage: 230, max_amperage: 32 }));

/** A site of 20 A with one station of two EVSEs, whose CSMS the test plays. */
async function openDuo(mode: SmartChargingMode) {
  await using stack = new AsyncDisposableStack();
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
  const point = { id: DUO, password: '0123456789abcdef', location_id: 'LOC1', evses: EVSES };
  const site = { ...SITE, evses: EVSES.map(({ uid }) => ({ uid })) };
  const world = stack.use(await openWorld({ clock, config: { sites: [site], charge_points: [point] } }));
  world.node().csmsProfiles?.decideBy(() => mode);
  const evses = EVSES.map((_, n) => ({ evseId: n + 1, connectorId: 1, powerType: 'AC_3_PHASE' as const, maxVoltage: volts(230), maxAmperage: amperes(32) }));
  const url = `ws://127.0.0.1:${world.node().ocppPort}/ocpp`;
  const station = stack.use(await plugInStation({ ...point, version: '2.0.1', evses, url, clock }));
  const emsp = await world.emsp();
  let highest = 0;
  const pass = async (seconds: number) => {
    for (let n = 0; n < seconds; n++) {
      await clock.advance(1_000);
      highest = Math.max(highest, (station.power(1) + station.power(2)) / W_PER_A);
    }
  };
  const csms = async (action: string, payload: object) => {
    const reply = await station.carryOut(action, payload);
    if (!reply.ok) throw new Error(reply.code);
    await world.node().csmsProfiles?.observed(DUO, { version: '2.0.1', action, payload, answer: { is: 'result', payload: reply.payload } });
    return Reflect.get(reply.payload, 'status');
  };
  await pass(3);
  const kept = stack.move();
  return { world, station, emsp, pass, csms, highest: () => highest, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

const profileOf = (id: number, limit: number, more: object) => ({
  id,
  stackLevel: 1,
  chargingProfileKind: 'Relative',
  chargingSchedule: [{ id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] }],
  ...more,
});

describe.each(['strictest', 'ours', 'csms'] as const)('GW-P10: the limit of a site, where the CSMS decides by %s', (mode) => {
  test('holds beside a TxProfile of the CSMS, which would override the limit of the EVSE', async () => {
    await using it = await openDuo(mode);
    const [first] = [await it.station.plugIn(1, { car: buildCar(), idToken: badge }), await it.station.plugIn(2, { car: buildCar(), idToken: badge })];
    await it.pass(20);
    expect([currentOf(it.station, 1), currentOf(it.station, 2)]).toEqual([10, 10]);
    const set = (limit: number) =>
      it.csms('SetChargingProfile', { evseId: 1, chargingProfile: profileOf(200, limit, { chargingProfilePurpose: 'TxProfile', transactionId: first }) });
    expect(await set(16)).toBe('Accepted');
    await it.pass(20);
    expect(currentOf(it.station, 1)).toBe(10);
    expect(await set(7)).toBe('Accepted');
    await it.pass(20);
    expect(currentOf(it.station, 1)).toBe(7);
    expect(await it.csms('ClearChargingProfile', { chargingProfileCriteria: { chargingProfilePurpose: 'TxDefaultProfile' } })).toBe('Accepted');
    await it.pass(20);
    const limits = it.station.installed().filter(({ purpose }) => purpose === 'tx-default');
    expect(limits.map(({ evseId }) => evseId).toSorted()).toEqual([1, 2]);
    expect(it.highest()).toBeLessThanOrEqual(20);
  });

  test('holds above a profile of a party, and does not raise a default of the CSMS', async () => {
    await using it = await openDuo(mode);
    await it.csms('SetChargingProfile', { evseId: 2, chargingProfile: profileOf(201, 6, { chargingProfilePurpose: 'TxDefaultProfile' }) });
    await it.station.plugIn(1, { car: buildCar(), idToken: badge });
    await it.pass(5);
    const session = String((await it.emsp.session(({ status }) => status === 'ACTIVE')).id);
    expect(await (await it.emsp.set(session, upTo(15))).later).toEqual({ result: 'ACCEPTED' });
    await it.station.plugIn(2, { car: buildCar(), idToken: badge });
    await it.pass(30);
    expect(currentOf(it.station, 2)).toBe(6);
    expect(it.highest()).toBeLessThanOrEqual(20);
  });
});

test('GW-P10: the maximum of a station with one EVSE is the lower one of the site and the CSMS, and is set again after a clear', async () => {
  await using it = await openGarage('sqlite');
  const [station] = it.stations;
  const at = stationId('CP-16');
  it.world.node().csmsProfiles?.decideBy((id) => (id === at ? 'strictest' : undefined));
  const csms = async (action: string, payload: object) => {
    const reply = await station.carryOut(action, payload);
    await it.world.node().csmsProfiles?.observed(at, { version: '1.6', action, payload, answer: { is: 'result', payload: reply.ok ? reply.payload : {} } });
  };
  const limit = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 8 }] };
  const profile = { chargingProfileId: 3, stackLevel: 2, chargingProfilePurpose: 'ChargePointMaxProfile', chargingProfileKind: 'Absolute' };
  await csms('SetChargingProfile', {
    connectorId: 0,
    csChargingProfiles: { ...profile, chargingSchedule: { ...limit, startSchedule: '2026-01-31T09:00:00Z' } },
  });
  await station.plugIn(1, { car: buildCar(), idToken: badge });
  await it.highest(20);
  expect(currentOf(station)).toBe(8);
  const again = it.world.nextStep('profile-set-again');
  await csms('ClearChargingProfile', {});
  expect(await it.until(again)).toMatchObject({ because: 'cleared', evse: 'CP-16-1' });
  await it.highest(20);
  expect(currentOf(station)).toBe(16);
  expect(await it.highest(5)).toBeLessThanOrEqual(20);
});
