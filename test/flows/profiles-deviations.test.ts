import { describe, expect, test } from 'vitest';
import { amperes, seconds } from '../../src/domain/units.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

const limitsOf = (pushed: unknown) => [...JSON.stringify(pushed).matchAll(/"limit":([\d.]+)/g)].map(([, limit]) => Number(limit));
const accepted = { is: 'answer', payload: { status: 'Accepted' } } as const;
const notImplemented = { is: 'call-error', code: 'NotImplemented' } as const;

/** Sends a set that the charge point accepts; resolves with the first push that follows. */
async function entitle(it: Steered, limit = 16): Promise<unknown> {
  expect(await (await it.emsp.set(it.session, upTo(limit))).later).toEqual({ result: 'ACCEPTED' });
  return it.until(it.emsp.nextPush(it.session));
}

/** The limits of the next push, which must come when the clock advances by that time. */
async function pushedWithin(it: Steered, milliseconds: number): Promise<number[]> {
  const pushed = it.emsp.nextPush(it.session);
  await it.clock.advance(milliseconds);
  return limitsOf(await pushed);
}

describe('a push of the active profile within five seconds', () => {
  test('CP-18, CP-25: follows each of three local limits in a row', async () => {
    await using it = await openSteered('sqlite');
    await entitle(it);
    for (const limit of [12, 11, 9]) {
      await it.station.localLimit(1, limit);
      expect(await pushedWithin(it, 5_000)).toEqual([limit]);
    }
  });

  test('CP-19: NotifyEVChargingSchedule makes the node read the composite schedule', async () => {
    await using it = await openSteered('sqlite');
    await entitle(it);
    const scheduleRead = it.station.next('GetCompositeSchedule');
    const schedule = { id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] };
    expect(
      await it.station.call('NotifyEVChargingSchedule', { timeBase: new Date(it.clock.now()).toISOString(), evseId: 1, chargingSchedule: schedule }),
    ).toEqual({
      ok: true,
      payload: { status: 'Accepted' },
    });
    await it.until(scheduleRead);
  });

  test('CP-19: follows a changed Current.Offered, the only sign of a change in OCPP 1.6', async () => {
    await using it = await openSteered('sqlite', { at: 'CP-16' });
    await entitle(it);
    await it.clock.advance(60_000);
    await it.station.idle();
    await it.station.localLimit(1, 7);
    const sampled = it.emsp.nextPush(it.session);
    expect(limitsOf(await it.until(sampled))).toEqual([7]);
  });

  test('CP-19: follows when the charge point suspends charging and when it resumes', async () => {
    await using it = await openSteered('sqlite', { at: 'CP-16' });
    await entitle(it);
    await it.station.localLimit(1, 0);
    await it.station.idle();
    expect(await pushedWithin(it, 5_000)).toEqual([0]);
    await it.station.localLimit(1, undefined);
    await it.station.idle();
    expect(await pushedWithin(it, 5_000)).toEqual([16]);
  });
});

describe.each(stores)('a charge point that answers Accepted and does something else (%s)', (store) => {
  test('CP-19: is reported as a deviation with the computed profile, is counted, and its reported profile is pushed to the sender', async () => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [accepted] } });
    const node = it.world.node();
    const system = await openApiClient(node, 'view');
    using stream = await system.followEvents();
    expect(limitsOf(await entitle(it, 10))).toEqual([32]);
    const step = await it.world.firstStep('deviation');
    expect(step).toMatchObject({ how: 'above', station: 'CP-201' });
    expect([limitsOf(step.said), limitsOf(step.computed)]).toEqual([[32], [10]]);
    expect(await stream.firstEvent((event) => event.kind === 'deviation')).toMatchObject({ data: { how: 'above' } });
    const { body } = await system.request(`GET sessions/${it.session}`);
    expect(body).toMatchObject({
      deviation: {
        how: 'above',
        said: { charging_profile: { charging_profile_period: [{ limit: 32 }] } },
        computed: { charging_profile: { charging_profile_period: [{ limit: 10 }] } },
      },
    });
    expect(await (await fetch(`${node.publicUrl}/metrics`)).text()).toContain('ocpp_deviations_total{how="above"} 1');

    expect(limitsOf(await entitle(it, 9))).toEqual([9]);
    expect(await it.world.firstStep('deviation', ({ how }) => how === 'none')).not.toHaveProperty('computed');
    expect((await system.request(`GET sessions/${it.session}`)).body).not.toHaveProperty('deviation');
    expect(await (await fetch(`${node.publicUrl}/metrics`)).text()).toContain('ocpp_deviations_total{how="above"} 1');
  });

  test('CP-19: is a deviation with a lower limit too, unless it has reported a local limit', async () => {
    await using it = await openSteered(store, { at: 'CP-16' });
    await entitle(it);
    await it.station.localLimit(1, 0);
    await it.station.idle();
    expect(await pushedWithin(it, 5_000)).toEqual([0]);
    expect(await it.world.firstStep('deviation')).toMatchObject({ how: 'below' });

    await using other = await openSteered(store);
    await entitle(other);
    await other.station.localLimit(1, 7);
    expect(limitsOf(await other.until(other.emsp.nextPush(other.session)))).toEqual([7]);
    expect(other.world.steps.filter(({ step }) => step === 'deviation')).toEqual([]);
  });
});

describe('a charge point without GetCompositeSchedule', () => {
  test.each(['CP-16', 'CP-201', 'CP-21'] as const)('CP-14: the node computes its active profile and marks it as computed, at %s', async (at) => {
    await using it = await openSteered('sqlite', { at, answers: { GetCompositeSchedule: notImplemented } });
    const profile = upTo(10, { charging_profile_period: [0, 600].map((start_period, n) => ({ start_period, limit: [40, 8][n] })) });
    expect(await (await it.emsp.set(it.session, profile)).later).toEqual({ result: 'ACCEPTED' });
    expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual([32, 8]);
    const get = await it.emsp.get(it.session, 900);
    expect(get.result).toBe('ACCEPTED');
    expect(await get.later).toMatchObject({
      result: 'ACCEPTED',
      profile: { charging_profile: { duration: 900, charging_profile_period: [{ start_period: 0, limit: 32 }, { limit: 8 }] } },
    });
    const { exchange } = await it.world.firstStep('active-profile-computed');
    const system = await openApiClient(it.world.node(), 'view');
    expect((await system.request(`GET exchanges/${exchange}`)).body).toMatchObject({ kind: 'get', computed: true, reason: 'computed' });
    expect((await system.request(`GET sessions/${it.session}`)).body).toMatchObject({ active_charging_profile_computed: true });
  });

  test('CP-14: the node computes its active profile with the set that was under way before', async () => {
    await using it = await openSteered('sqlite', {
      answers: { GetCompositeSchedule: notImplemented, SetChargingProfile: { is: 'late', milliseconds: 2_000 } },
    });
    const arrives = it.station.next('SetChargingProfile');
    const set = await it.emsp.set(it.session, upTo(11));
    await arrives;
    const get = await it.emsp.get(it.session, 900);
    await it.clock.advance(2_000);
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
    expect(limitsOf(await get.later)).toEqual([11]);
  });
});

describe('a charge point that reboots', () => {
  test.each(['CP-16', 'CP-201', 'CP-21'] as const)('CP-18: gets its lost profile again at %s, and nothing is pushed to the sender for it', async (at) => {
    await using it = await openSteered('sqlite', { at, profilesOverReboot: 'lost' });
    await entitle(it, 10);
    await it.station.reboot({ transactions: 'resume' });
    expect(await it.until(it.world.firstStep('profile-resent'))).toMatchObject({ station: at, answer: 'ACCEPTED' });
    expect(it.station.installed()).toMatchObject([{ purpose: 'tx', schedule: { periods: [{ limit: 10 }] } }]);
    await it.station.localLimit(1, 7);
    expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual([7]);
    expect(it.emsp.pushed.flatMap(({ body }) => limitsOf(body))).toEqual([10, 7]);
  });

  test('CP-18: gets its lost profile again also without GetCompositeSchedule', async () => {
    await using it = await openSteered('sqlite', { at: 'CP-16', profilesOverReboot: 'lost', answers: { GetCompositeSchedule: notImplemented } });
    await entitle(it, 10);
    await it.station.reboot({ transactions: 'resume' });
    await it.until(it.world.firstStep('profile-resent'));
    expect(it.station.installed()).toMatchObject([{ schedule: { periods: [{ limit: 10 }] } }]);
  });

  test('CP-18: gets no profile when it kept its profile', async () => {
    await using it = await openSteered('sqlite');
    await entitle(it, 10);
    const scheduleRead = it.station.next('GetCompositeSchedule');
    await it.station.reboot({ transactions: 'resume' });
    await it.until(scheduleRead);
    expect(it.station.received('SetChargingProfile')).toHaveLength(1);
  });

  test.each([
    ['CP-16', { connectorId: 1, errorCode: 'NoError', status: 'Available' }, { chargePointVendor: 'V', chargePointModel: 'M' }],
    ['CP-201', { evseId: 1, connectorId: 1, connectorStatus: 'Available' }, { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } }],
    ['CP-21', { evseId: 1, connectorId: 1, connectorStatus: 'Available' }, { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } }],
  ] as const)('F-03: whose connector is available then is asked nothing for the transaction that ran there (%s)', async (at, available, boot) => {
    await using it = await openSteered('sqlite', { at });
    await entitle(it, 10);
    const requests = () => ['SetChargingProfile', 'GetCompositeSchedule'].map((action) => it.station.received(action).length);
    await it.clock.advance(60_000);
    const before = requests();
    await it.station.call('BootNotification', boot);
    await it.station.call('StatusNotification', { ...available, timestamp: new Date(it.clock.now()).toISOString() });
    await it.until(it.emsp.session(({ status }) => status === 'COMPLETED'));
    expect(requests()).toEqual(before);
    expect(it.emsp.pushed.flatMap(({ body }) => limitsOf(body))).toEqual([10]);
  });

  test('F-03: whose transaction goes on after a moment gets its lost profile again', async () => {
    await using it = await openSteered('sqlite', { at: 'CP-21', profilesOverReboot: 'lost' });
    await entitle(it, 10);
    const timestamp = () => new Date(it.clock.now()).toISOString();
    const [{ transactionId } = {}] = it.station.installed();
    await it.clock.advance(60_000);
    await it.station.call('StatusNotification', { evseId: 1, connectorId: 1, connectorStatus: 'Available', timestamp: timestamp() });
    await it.station.reboot({ transactions: 'resume' });
    await it.clock.advance(1_500);
    const info = { transactionId, chargingState: 'Charging' };
    await it.station.call('TransactionEvent', { eventType: 'Updated', triggerReason: 'TxResumed', seqNo: 99, transactionInfo: info, timestamp: timestamp() });
    expect(await it.until(it.world.firstStep('profile-resent'))).toMatchObject({ answer: 'ACCEPTED' });
  });
});

describe('a car that sends its charging needs', () => {
  const needs = {
    evseId: 1,
    chargingNeeds: {
      requestedEnergyTransfer: 'AC_three_phase',
      acChargingParameters: { energyAmount: 9000, evMinCurrent: 6, evMaxCurrent: 13, evMaxVoltage: 400 },
    },
  };

  test.each(['CP-201', 'CP-21'] as const)('gets a transaction profile at %s, limited to what the car takes and to the limit of its session', async (at) => {
    await using it = await openSteered('sqlite', { at });
    expect(await it.station.call('NotifyEVChargingNeeds', needs)).toEqual({ ok: true, payload: { status: 'Accepted' } });
    expect(await it.world.firstStep('charging-needs-answered')).toMatchObject({ answer: 'ACCEPTED' });
    expect(it.station.installed()).toMatchObject([
      { purpose: 'tx', transactionId: it.station.transaction(1), schedule: { unit: 'A', periods: [{ limit: 13 }] } },
    ]);

    await entitle(it, 10);
    const next = it.station.next('SetChargingProfile');
    await it.station.call('NotifyEVChargingNeeds', needs);
    await next;
    expect(it.station.installed()).toMatchObject([{ schedule: { periods: [{ limit: 10 }] } }]);
    expect(it.world.steps.filter(({ step }) => step === 'deviation')).toEqual([]);
  });

  test('is refused without a transaction', async () => {
    await using it = await openSteered('sqlite');
    await it.station.unplug(1);
    expect(await it.station.call('NotifyEVChargingNeeds', needs)).toMatchObject({ ok: true, payload: { status: 'Rejected' } });
  });
});

describe('profiles of the operator', () => {
  test('CP-24: are compared with the profile that the charge point reports as well', async () => {
    await using it = await openSteered('sqlite', { answers: { SetChargingProfile: [{ is: 'plain' }, accepted] } });
    await entitle(it, 16);
    const own = { unit: 'A', periods: [{ start: seconds(0), limit: amperes(6) }] } as const;
    expect(await it.world.node().ask(it.session, { kind: 'set', profile: own }, { mode: 'replace' })).toMatchObject({ ok: true });
    expect(await it.until(it.world.firstStep('deviation'))).toMatchObject({ how: 'above' });
  });
});
