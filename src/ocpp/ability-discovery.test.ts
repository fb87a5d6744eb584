import { describe, expect, test } from 'vitest';
import { assumed } from './abilities.ts';
import { type BareStation, clearRequest, dial, openWorld, order, setRequest, stationOf } from './bare-station.fixture.ts';
import type { Abilities } from './station.ts';

const boots: Record<string, object> = {
  'ocpp1.6': { chargePointVendor: 'V', chargePointModel: 'M' },
  'ocpp2.0.1': { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } },
  'ocpp2.1': { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } },
};

/** A station that has booted and is now asked for its abilities. */
async function askedWorld(protocols: string, known?: Abilities) {
  const world = await openWorld({ abilitiesOf: () => known, limits: { learnWithin: 5_000 } });
  const station = await dial(world.server.port, { protocols });
  await station.tell('BootNotification', boots[protocols] ?? {});
  const question = await station.hear();
  const learnt = () => world.host.events.flatMap((event) => (event.kind === 'abilities-learnt' ? [event.abilities] : []));
  return { world, station, question, learnt, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

const settled = (station: BareStation) => station.tell('Heartbeat', {});
const variable = (name: string, attributeValue: string, instance?: string) => ({
  attributeStatus: 'Accepted',
  attributeValue,
  component: { name: 'SmartChargingCtrlr' },
  variable: { name, ...(instance ? { instance } : {}) },
});

/** A station that says which units it takes leaves nothing to assume of them. */
function assumedBut(learnt: Partial<Abilities>): Abilities {
  const { unitsAssumed, ...rest } = assumed;
  return { ...rest, ...(learnt.units === undefined && unitsAssumed && { unitsAssumed }), ...learnt };
}

describe('OCPP 1.6: abilities by GetConfiguration after the boot', () => {
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
    ['values that are none', { ChargeProfileMaxStackLevel: 'many', ChargingScheduleMaxPeriods: '0', ChargingScheduleAllowedChargingRateUnit: '' }, {}],
    ['no key known', {}, {}],
  ])('%s', async (_what, keys, learnt) => {
    await using it = await askedWorld('ocpp1.6');
    const [, id, action] = it.question;
    expect(action).toBe('GetConfiguration');
    it.station.say(3, id, { configurationKey: Object.entries(keys).map(([key, value]) => ({ key, readonly: true, value })) });
    await settled(it.station);
    expect(it.learnt()).toEqual([assumedBut(learnt)]);
    expect(stationOf(it.world).abilities()).toEqual(assumedBut(learnt));
  });
});

describe.each(['ocpp2.0.1', 'ocpp2.1'])('%s: abilities by GetVariables after the boot', (protocols) => {
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
    ['smart charging is off', [variable('Enabled', 'False')], { smartCharging: false }],
    ['smart charging is not there', [variable('Available', 'false')], { smartCharging: false }],
    ['no variable known', [{ ...variable('RateUnit', ''), attributeStatus: 'UnknownComponent' }], {}],
  ])('%s', async (_what, getVariableResult, learnt) => {
    await using it = await askedWorld(protocols);
    const [, id, action] = it.question;
    expect(action).toBe('GetVariables');
    it.station.say(3, id, { getVariableResult });
    await settled(it.station);
    expect(it.learnt()).toEqual([assumedBut(learnt)]);
  });
});

describe('abilities that a station keeps to itself', () => {
  test('OCPP 2.1: profile ids up to MaxExternalConstraintsId are the station’s own', async () => {
    await using it = await askedWorld('ocpp2.1');
    it.station.say(3, it.question[1], { getVariableResult: [variable('MaxExternalConstraintsId', '99')] });
    await settled(it.station);
    expect(it.learnt()).toEqual([{ ...assumed, minProfileId: 100 }]);
  });

  test.each<[string, (station: BareStation, id: unknown) => void]>([
    ['an error', ({ say }, id) => say(4, id, 'NotImplemented', '', {})],
    ['an answer that is none', ({ say }, id) => say(3, id, { configurationKey: 'all' })],
  ])('%s leaves the assumptions', async (_what, reply) => {
    await using it = await askedWorld('ocpp1.6');
    reply(it.station, it.question[1]);
    await settled(it.station);
    expect(it.learnt()).toEqual([assumed]);
  });

  test('an error takes back nothing that was known before', async () => {
    const known: Abilities = { ...assumed, units: ['W'], maxPeriods: 3 };
    await using it = await askedWorld('ocpp1.6', known);
    it.station.say(4, it.question[1], 'NotImplemented', '', {});
    await settled(it.station);
    expect(it.learnt()).toEqual([]);
    expect(stationOf(it.world).abilities()).toEqual(known);
  });

  test('silence leaves the assumptions, and a late answer corrects them', async () => {
    await using it = await askedWorld('ocpp1.6');
    it.world.clock.advance(5_000);
    await settled(it.station);
    expect(it.learnt()).toEqual([assumed]);
    it.station.say(3, it.question[1], { configurationKey: [{ key: 'ChargingScheduleMaxPeriods', readonly: true, value: '24' }] });
    await settled(it.station);
    expect(it.learnt()).toEqual([assumed, { ...assumed, maxPeriods: 24 }]);
    expect(it.world.host.lateOnes).toEqual([]);
  });

  test('a station that does not boot is asked before its first order goes', async () => {
    await using world = await openWorld({ abilitiesOf: () => undefined });
    const station = await dial(world.server.port);
    await settled(station);
    const answer = stationOf(world).send(order(world, { ...setRequest, profile: { ...setRequest.profile } }));
    const [, id, action] = await station.hear();
    expect(action).toBe('GetConfiguration');
    station.say(3, id, { configurationKey: [{ key: 'ChargingScheduleAllowedChargingRateUnit', readonly: true, value: 'Power' }] });
    const [, setId, , payload] = await station.hear();
    expect(payload).toMatchObject({ csChargingProfiles: { chargingSchedule: { chargingRateUnit: 'W', chargingSchedulePeriod: [{ limit: 6900 }] } } });
    station.say(3, setId, { status: 'Accepted' });
    expect(await answer).toEqual({ is: 'ACCEPTED' });
  });

  test('a station that neither boots nor gets an order is asked after a while', async () => {
    await using world = await openWorld({ abilitiesOf: () => undefined, limits: { learnWithin: 5_000 } });
    const station = await dial(world.server.port);
    await settled(station);
    world.clock.advance(6_000);
    expect((await station.hear())[2]).toBe('GetConfiguration');
  });
});

describe('a profile that the station does not find by its id', () => {
  test('is looked for by criteria when our record has it', async () => {
    await using world = await openWorld();
    const station = await dial(world.server.port);
    await settled(station);
    const answer = stationOf(world).send(order(world, { ...clearRequest, knownInstalled: true }));
    const behind = stationOf(world).send(order(world, setRequest));
    const [, id] = await station.hear();
    station.say(3, id, { status: 'Unknown' });
    const [, secondId, action, payload] = await station.hear();
    expect([action, payload]).toEqual(['ClearChargingProfile', { connectorId: 1, chargingProfilePurpose: 'TxProfile', stackLevel: 1 }]);
    expect(secondId).not.toBe(id);
    station.say(3, secondId, { status: 'Accepted' });
    expect(await answer).toEqual({ is: 'ACCEPTED' });
    const [, setId, next] = await station.hear();
    expect(next).toBe('SetChargingProfile'); // never between the two: it would be cleared
    station.say(3, setId, { status: 'Accepted' });
    expect(await behind).toEqual({ is: 'ACCEPTED' });
  });

  test('is unknown when our record has it not', async () => {
    await using world = await openWorld();
    const station = await dial(world.server.port);
    await settled(station);
    const answer = stationOf(world).send(order(world, clearRequest));
    const [, id] = await station.hear();
    station.say(3, id, { status: 'Unknown' });
    expect(await answer).toEqual({ is: 'UNKNOWN' });
  });
});
