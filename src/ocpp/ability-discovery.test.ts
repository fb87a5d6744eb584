import { describe, expect, test } from 'vitest';
import { assumedAbilities } from './abilities.ts';
import { type BareStation, clearRequest, connectStation, openWorld, order, setRequest, stationOf } from './bare-station.fixture.ts';
import type { Abilities } from './station.ts';

const boots: Record<string, object> = {
  'ocpp1.6': { chargePointVendor: 'V', chargePointModel: 'M' },
  'ocpp2.0.1': { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } },
  'ocpp2.1': { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } },
};

/** A station that has booted and has received the ability query. */
async function queriedWorld(protocols: string, known?: Abilities) {
  const world = await openWorld({ abilitiesOf: () => known, limits: { abilityTimeout: 5_000 } });
  const station = await connectStation(world.server.port, { protocols });
  await station.call('BootNotification', boots[protocols] ?? {});
  const query = await station.nextFrame();
  const reported = () => world.host.events.flatMap((event) => (event.kind === 'abilities-learnt' ? [event.abilities] : []));
  return { world, station, query, reported, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

const roundTrip = (station: BareStation) => station.call('Heartbeat', {});
const variable = (name: string, attributeValue: string, instance?: string) => ({
  attributeStatus: 'Accepted',
  attributeValue,
  component: { name: 'SmartChargingCtrlr' },
  variable: { name, ...(instance ? { instance } : {}) },
});

/** The assumed abilities with some replaced; stated units are no longer assumed. */
function assumedExcept(stated: Partial<Abilities>): Abilities {
  const { unitsAssumed, ...rest } = assumedAbilities;
  return { ...rest, ...(stated.units === undefined && unitsAssumed && { unitsAssumed }), ...stated };
}

describe('OCPP 1.6: abilities are read by GetConfiguration after the boot', () => {
  test.each<[string, object, Partial<Abilities>]>([
    [
      'all keys',
      {
        SupportedFeatureProfiles: 'Core, SmartCharging',
        ChargingScheduleAllowedChargingRateUnit: 'Current',
        ChargeProfileMaxStackLevel: '10',
        ChargingScheduleMaxPeriods: '24',
        MaxChargingProfilesInstalled: '9',
      },
      { units: ['A'], maxStackLevel: 10, maxPeriods: 24, maxProfiles: 9 },
    ],
    ['both units', { ChargingScheduleAllowedChargingRateUnit: 'Current,Power' }, { units: ['A', 'W'] }],
    ['only power', { ChargingScheduleAllowedChargingRateUnit: 'Power' }, { units: ['W'] }],
    ['units as letters', { ChargingScheduleAllowedChargingRateUnit: ' W ' }, { units: ['W'] }],
    ['no smart charging', { SupportedFeatureProfiles: 'Core,FirmwareManagement' }, { smartCharging: false }],
    ['a level of 0', { ChargeProfileMaxStackLevel: '0' }, { maxStackLevel: 0 }],
    ['invalid values', { ChargeProfileMaxStackLevel: 'many', ChargingScheduleMaxPeriods: '0', ChargingScheduleAllowedChargingRateUnit: '' }, {}],
    ['no known key', {}, {}],
  ])('%s', async (_what, keys, stated) => {
    await using it = await queriedWorld('ocpp1.6');
    const [, id, action] = it.query;
    expect(action).toBe('GetConfiguration');
    it.station.sendFrame(3, id, { configurationKey: Object.entries(keys).map(([key, value]) => ({ key, readonly: true, value })) });
    await roundTrip(it.station);
    expect(it.reported()).toEqual([assumedExcept(stated)]);
    expect(stationOf(it.world).abilities()).toEqual(assumedExcept(stated));
  });
});

describe.each(['ocpp2.0.1', 'ocpp2.1'])('%s: abilities are read by GetVariables after the boot', (protocols) => {
  test.each<[string, object[], Partial<Abilities>]>([
    [
      'all variables',
      [
        variable('Enabled', 'true'),
        variable('RateUnit', 'A,W'),
        variable('ProfileStackLevel', '5'),
        variable('PeriodsPerSchedule', '24'),
        variable('Entries', '6', 'ChargingProfiles'),
      ],
      { units: ['A', 'W'], maxStackLevel: 5, maxPeriods: 24, maxProfiles: 6 },
    ],
    ['only watts', [variable('RateUnit', 'W')], { units: ['W'] }],
    ['smart charging is disabled', [variable('Enabled', 'False')], { smartCharging: false }],
    ['smart charging is not available', [variable('Available', 'false')], { smartCharging: false }],
    ['no known variable', [{ ...variable('RateUnit', ''), attributeStatus: 'UnknownComponent' }], {}],
  ])('%s', async (_what, getVariableResult, stated) => {
    await using it = await queriedWorld(protocols);
    const [, id, action] = it.query;
    expect(action).toBe('GetVariables');
    it.station.sendFrame(3, id, { getVariableResult });
    await roundTrip(it.station);
    expect(it.reported()).toEqual([assumedExcept(stated)]);
  });
});

describe('abilities that a station does not state', () => {
  test('OCPP 2.1: the station reserves the profile ids up to MaxExternalConstraintsId', async () => {
    await using it = await queriedWorld('ocpp2.1');
    it.station.sendFrame(3, it.query[1], { getVariableResult: [variable('MaxExternalConstraintsId', '99')] });
    await roundTrip(it.station);
    expect(it.reported()).toEqual([{ ...assumedAbilities, minProfileId: 100 }]);
  });

  test.each<[string, (station: BareStation, id: unknown) => void]>([
    ['an error', ({ sendFrame }, id) => sendFrame(4, id, 'NotImplemented', '', {})],
    ['an invalid answer', ({ sendFrame }, id) => sendFrame(3, id, { configurationKey: 'all' })],
  ])('after %s the assumed abilities stay', async (_what, reply) => {
    await using it = await queriedWorld('ocpp1.6');
    reply(it.station, it.query[1]);
    await roundTrip(it.station);
    expect(it.reported()).toEqual([assumedAbilities]);
  });

  test('after an error the abilities of an earlier connection stay', async () => {
    const known: Abilities = { ...assumedAbilities, units: ['W'], maxPeriods: 3 };
    await using it = await queriedWorld('ocpp1.6', known);
    it.station.sendFrame(4, it.query[1], 'NotImplemented', '', {});
    await roundTrip(it.station);
    expect(it.reported()).toEqual([]);
    expect(stationOf(it.world).abilities()).toEqual(known);
  });

  test('without an answer the assumed abilities stay, and a late answer replaces them', async () => {
    await using it = await queriedWorld('ocpp1.6');
    it.world.clock.advance(5_000);
    await roundTrip(it.station);
    expect(it.reported()).toEqual([assumedAbilities]);
    it.station.sendFrame(3, it.query[1], { configurationKey: [{ key: 'ChargingScheduleMaxPeriods', readonly: true, value: '24' }] });
    await roundTrip(it.station);
    expect(it.reported()).toEqual([assumedAbilities, { ...assumedAbilities, maxPeriods: 24 }]);
    expect(it.world.host.lateAnswers).toEqual([]);
  });

  test('a station that has not booted is queried before its first order is sent', async () => {
    await using world = await openWorld({ abilitiesOf: () => undefined });
    const station = await connectStation(world.server.port);
    await roundTrip(station);
    const answer = stationOf(world).send(order(world, { ...setRequest, profile: { ...setRequest.profile } }));
    const [, id, action] = await station.nextFrame();
    expect(action).toBe('GetConfiguration');
    station.sendFrame(3, id, { configurationKey: [{ key: 'ChargingScheduleAllowedChargingRateUnit', readonly: true, value: 'Power' }] });
    const [, setId, , payload] = await station.nextFrame();
    expect(payload).toMatchObject({ csChargingProfiles: { chargingSchedule: { chargingRateUnit: 'W', chargingSchedulePeriod: [{ limit: 6900 }] } } });
    station.sendFrame(3, setId, { status: 'Accepted' });
    expect(await answer).toEqual({ is: 'ACCEPTED' });
  });

  test('a station that neither boots nor gets an order is queried after a while', async () => {
    await using world = await openWorld({ abilitiesOf: () => undefined, limits: { abilityTimeout: 5_000 } });
    const station = await connectStation(world.server.port);
    await roundTrip(station);
    world.clock.advance(6_000);
    expect((await station.nextFrame())[2]).toBe('GetConfiguration');
  });
});

describe('a profile that the station does not find by its id', () => {
  test('is cleared by criteria when the node has recorded it as installed', async () => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port);
    await roundTrip(station);
    const answer = stationOf(world).send(order(world, { ...clearRequest, knownInstalled: true }));
    const behind = stationOf(world).send(order(world, setRequest));
    const [, id] = await station.nextFrame();
    station.sendFrame(3, id, { status: 'Unknown' });
    const [, secondId, action, payload] = await station.nextFrame();
    expect([action, payload]).toEqual(['ClearChargingProfile', { connectorId: 1, chargingProfilePurpose: 'TxProfile', stackLevel: 1 }]);
    expect(secondId).not.toBe(id);
    station.sendFrame(3, secondId, { status: 'Accepted' });
    expect(await answer).toEqual({ is: 'ACCEPTED' });
    const [, setId, next] = await station.nextFrame();
    expect(next).toBe('SetChargingProfile'); // never between the two, or it would be cleared too
    station.sendFrame(3, setId, { status: 'Accepted' });
    expect(await behind).toEqual({ is: 'ACCEPTED' });
  });

  test('is UNKNOWN when the node has not recorded it as installed', async () => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port);
    await roundTrip(station);
    const answer = stationOf(world).send(order(world, clearRequest));
    const [, id] = await station.nextFrame();
    station.sendFrame(3, id, { status: 'Unknown' });
    expect(await answer).toEqual({ is: 'UNKNOWN' });
  });
});
