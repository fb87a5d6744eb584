import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildRig, evse, profileFor, type Rig, scheduleIn, statusOf, VERSIONS } from './rig.fixture.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await buildRig();
});
afterEach(async () => {
  expect(await rig.close()).toEqual([]);
});

describe.each(VERSIONS)('the charging profiles of a station of OCPP %s', (version) => {
  test('reports the composite schedule from now on in the requested unit', async () => {
    const { transaction } = await rig.charging(version);
    await rig.node.call('CP1', 'SetChargingProfile', profileFor(version, transaction, { schedule: { duration: 300 } }));
    await rig.clock.advance(100_000);
    const schedule = scheduleIn(await rig.getComposite(version, { chargingRateUnit: 'W' }));
    expect(schedule.chargingSchedulePeriod).toEqual([
      { startPeriod: 0, limit: 6900 },
      { startPeriod: 200, limit: 22_080 },
    ]);
    expect(schedule).toMatchObject({ chargingRateUnit: 'W', duration: 900 });
  });

  test('replaces a profile with the same id, and clears it by that id', async () => {
    const { station, transaction } = await rig.charging(version);
    await rig.node.call('CP1', 'SetChargingProfile', profileFor(version, transaction));
    await rig.node.call(
      'CP1',
      'SetChargingProfile',
      profileFor(version, transaction, { schedule: { chargingSchedulePeriod: [{ startPeriod: 0, limit: 7 }] } }),
    );
    expect(station.installed()).toHaveLength(1);
    const byId = version === '1.6' ? { id: 200 } : { chargingProfileId: 200 };
    expect(statusOf(await rig.node.call('CP1', 'ClearChargingProfile', byId))).toBe('Accepted');
    expect(statusOf(await rig.node.call('CP1', 'ClearChargingProfile', byId))).toBe('Unknown');
  });

  test('with another id at the same stack level, 1.6 replaces and 2.x rejects (K01.FR.39)', async () => {
    const { station, transaction } = await rig.charging(version);
    await rig.node.call('CP1', 'SetChargingProfile', profileFor(version, transaction));
    const other = { profile: version === '1.6' ? { chargingProfileId: 201 } : { id: 201 } };
    expect(statusOf(await rig.node.call('CP1', 'SetChargingProfile', profileFor(version, transaction, other)))).toBe(
      version === '1.6' ? 'Accepted' : 'Rejected',
    );
    expect(station.installed().map(({ id }) => id)).toEqual([version === '1.6' ? 201 : 200]);
  });

  test.each([
    ['an unknown transaction', { profile: { transactionId: undefined } }],
    ['a first period that does not start at 0', { schedule: { chargingSchedulePeriod: [{ startPeriod: 5, limit: 10 }] } }],
    ['more periods than it takes', { schedule: { chargingSchedulePeriod: Array.from({ length: 25 }, (_, i) => ({ startPeriod: i, limit: 10 })) } }],
    [
      'periods out of order',
      {
        schedule: {
          chargingSchedulePeriod: [
            { startPeriod: 0, limit: 10 },
            { startPeriod: 0, limit: 8 },
          ],
        },
      },
    ],
    ['Absolute without startSchedule', { profile: { chargingProfileKind: 'Absolute' } }],
    ['a unit that it does not take', { schedule: { chargingRateUnit: 'W' } }],
    ['a stack level above its highest', { profile: { stackLevel: 11 } }],
  ])('rejects %s', async (what, parts) => {
    const { station, transaction } = await rig.charging(version, { traits: { units: ['A'] } });
    const wrong = version === '1.6' ? '99999' : 'nobody';
    const payload = profileFor(version, what === 'an unknown transaction' ? wrong : transaction, what === 'an unknown transaction' ? {} : parts);
    expect(statusOf(await rig.node.call('CP1', 'SetChargingProfile', payload))).toBe('Rejected');
    expect(station.installed()).toEqual([]);
  });

  test('removes the TxProfile when its transaction ends', async () => {
    const { station, transaction } = await rig.charging(version);
    await rig.node.call('CP1', 'SetChargingProfile', profileFor(version, transaction));
    await station.unplug(1);
    expect(station.installed()).toEqual([]);
  });
});

describe('OCPP 2.x only', () => {
  test('GetVariables returns each requested attribute', async () => {
    await rig.connect('2.0.1');
    const component = { name: 'SmartChargingCtrlr' };
    const entries = { component, variable: { name: 'Entries', instance: 'ChargingProfiles' } };
    const getVariableData = [
      { component, variable: { name: 'RateUnit' } },
      { ...entries, attributeType: 'MaxSet' },
      { component, variable: { name: 'Nothing' } },
    ];
    const [, , payload] = await rig.node.call('CP1', 'GetVariables', { getVariableData });
    expect(
      Object(payload).getVariableResult.map((one: { attributeValue?: string; attributeStatus: string }) => one.attributeValue ?? one.attributeStatus),
    ).toEqual(['A,W', '20', 'UnknownVariable']);
  });

  test('profiles are reported by source, local limits included', async () => {
    const { station, transaction } = await rig.charging('2.1');
    await rig.node.call('CP1', 'SetChargingProfile', profileFor('2.1', transaction));
    await station.localLimit(1, 20);
    const reported = rig.node.next('CP1', 'ReportChargingProfiles');
    expect(statusOf(await rig.node.call('CP1', 'GetChargingProfiles', { requestId: 4, chargingProfile: { chargingLimitSource: ['EMS'] } }))).toBe('Accepted');
    expect(await reported).toMatchObject({ requestId: 4, chargingLimitSource: 'EMS', evseId: 1, tbc: false });
    expect(statusOf(await rig.node.call('CP1', 'GetChargingProfiles', { requestId: 5, chargingProfile: { chargingProfileId: [9] } }))).toBe('NoProfiles');
  });

  test('OCPP 2.1: profile ids that the station reserves for itself are refused (K01.FR.80)', async () => {
    const { transaction } = await rig.charging('2.1');
    expect(statusOf(await rig.node.call('CP1', 'SetChargingProfile', profileFor('2.1', transaction, { profile: { id: 100 } })))).toBe('Rejected');
  });

  test('OCPP 2.1: numberPhases is refused on DC', async () => {
    const { transaction } = await rig.charging('2.1', { evses: [{ ...evse, powerType: 'DC' }] });
    const parts = { schedule: { chargingSchedulePeriod: [{ startPeriod: 0, limit: 10, numberPhases: 3 }] } };
    expect((await rig.node.call('CP1', 'SetChargingProfile', profileFor('2.1', transaction, parts)))[2]).toMatchObject({
      status: 'Rejected',
      statusInfo: { reasonCode: 'NoPhaseForDC' },
    });
  });

  test('a reboot during a transaction may lose its profile', async () => {
    const { station, transaction } = await rig.charging('2.1', { traits: { profilesOverReboot: 'lost' } });
    await rig.node.call('CP1', 'SetChargingProfile', profileFor('2.1', transaction));
    await station.reboot({ transactions: 'resume' });
    expect([station.transaction(1), station.installed().length]).toEqual([transaction, 0]);
  });
});
