import { describe, expect, test } from 'vitest';
import type { InstalledProfile } from '../../sim/charge-point/profiles.ts';
import { buildCar, type Traits } from '../../sim/index.ts';
import { stationId } from '../../src/domain/ids.ts';
import type { SmartChargingMode } from '../../src/domain/profile/csms-wish.ts';
import type { CsmsProfiles } from '../../src/node/gateway/csms-profiles.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { badge, type StationName, stationVersions, stores } from '../world.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

const ACCEPTED = { result: 'ACCEPTED' };
const STATIONS = ['CP-16', 'CP-201', 'CP-21'] as const;

/** A steered session at a station behind a CSMS; `csms` plays a call of the CSMS that passes, and is observed. */
interface Behind extends Steered {
  csms(action: string, payload: object): Promise<unknown>;
  /** The limits of the installed profiles of a purpose, by level. */
  installed(purpose?: InstalledProfile['purpose']): readonly (readonly [level: number, limit: number | undefined])[];
  transaction: string;
}

function profilesOf(it: Steered): CsmsProfiles {
  const { csmsProfiles } = it.world.node();
  if (!csmsProfiles) throw new Error('needs a CPO');
  return csmsProfiles;
}

async function openBehind(mode: SmartChargingMode, { at, ...traits }: { at: StationName } & Partial<Traits>, store = stores[0] ?? 'sqlite'): Promise<Behind> {
  const it = await openSteered(store, { at, ...traits });
  profilesOf(it).decideBy(() => mode);
  return {
    ...it,
    transaction: String(it.station.transaction(1)),
    csms: async (action, payload) => {
      const reply = await it.station.carryOut(action, payload);
      const answer = reply.ok ? ({ is: 'result', payload: reply.payload } as const) : ({ is: 'error' } as const);
      await profilesOf(it).observed(stationId(at), { version: stationVersions[at], action, payload, answer });
      return reply.ok ? Reflect.get(reply.payload, 'status') : reply.code;
    },
    installed: (purpose = 'tx') =>
      it.station
        .installed()
        .filter((profile) => profile.purpose === purpose)
        .map(({ stackLevel, schedule }) => [stackLevel, schedule.periods[0]?.limit] as const)
        .toSorted(([a], [b]) => a - b),
    [Symbol.asyncDispose]: () => it[Symbol.asyncDispose](),
  };
}

interface Wanted {
  id: number;
  level: number;
  limit: number;
  purpose?: string;
  evseId?: number;
}

/** A SetChargingProfile of the CSMS for the session, in the version of its station. */
function setOf(it: Behind, { id, level, limit, purpose = 'TxProfile', evseId = 1 }: Wanted): object {
  const is16 = it.station.version === '1.6';
  const schedule = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] };
  const tx = purpose === 'TxProfile' ? { transactionId: is16 ? Number(it.transaction) : it.transaction } : {};
  const profile = { ...tx, stackLevel: level, chargingProfilePurpose: purpose, chargingProfileKind: 'Relative' };
  return is16
    ? { connectorId: evseId, csChargingProfiles: { chargingProfileId: id, ...profile, chargingSchedule: schedule } }
    : { evseId, chargingProfile: { id, ...profile, chargingSchedule: [{ id: 1, ...schedule }] } };
}

const again = (it: Steered, because: string) => it.world.nextStep('profile-set-again', (step) => step.because === because);

describe('GW-P06: a profile of ours at a station where a CSMS has one', () => {
  test.each(STATIONS.flatMap((at) => [['strictest', 10, at] as const, ['ours', 20, at] as const, ['csms', 10, at] as const]))(
    '%s: %d A is sent above that of the CSMS, at %s',
    async (mode, limit, at) => {
      await using it = await openBehind(mode, { at });
      expect(await it.csms('SetChargingProfile', setOf(it, { id: 200, level: 2, limit: 10 }))).toBe('Accepted');
      expect(await (await it.emsp.set(it.session, upTo(20))).later).toEqual(ACCEPTED);
      expect(it.installed()).toEqual([
        [2, 10],
        [10, limit],
      ]);
    },
  );

  test.each(STATIONS)('what the CSMS sets later is taken into account, and told to the eMSP without a deviation, at %s', async (at) => {
    await using it = await openBehind('strictest', { at });
    expect(await (await it.emsp.set(it.session, upTo(20))).later).toEqual(ACCEPTED);
    expect(it.installed()).toEqual([[10, 20]]);
    await it.until(it.emsp.nextPush(it.session));
    const changed = again(it, 'changed');
    const pushed = it.emsp.nextPush(it.session);
    expect(await it.csms('SetChargingProfile', setOf(it, { id: 200, level: 2, limit: 8 }))).toBe('Accepted');
    expect(await it.until(changed)).toMatchObject({ station: at, evse: `${at}-1`, answer: 'ACCEPTED' });
    expect(it.installed()).toEqual([
      [2, 8],
      [10, 8],
    ]);
    expect(await it.until(pushed)).toMatchObject({ charging_profile: { charging_profile_period: [{ limit: 8 }] } });
    expect(it.world.steps.filter(({ step }) => step === 'deviation')).toEqual([]);
  });

  test('a default of the CSMS counts where no TxProfile of the CSMS does', async () => {
    await using it = await openBehind('strictest', { at: 'CP-201' });
    await it.csms('SetChargingProfile', setOf(it, { id: 200, level: 0, limit: 7, purpose: 'TxDefaultProfile', evseId: 0 }));
    expect(await (await it.emsp.set(it.session, upTo(20))).later).toEqual(ACCEPTED);
    expect(it.installed()).toEqual([[10, 7]]);
  });

  test.each(STATIONS)('without a CSMS, everything is sent as before, at %s', async (at) => {
    await using it = await openSteered('sqlite', { at });
    expect(await (await it.emsp.set(it.session, upTo(20))).later).toEqual(ACCEPTED);
    expect(it.station.installed()).toMatchObject([{ purpose: 'tx', stackLevel: 1, schedule: { periods: [{ limit: 20 }] } }]);
  });
});

describe('GW-P07: a clear of the CSMS that takes ours away', () => {
  const everything = {
    'CP-16': {},
    'CP-201': { chargingProfileCriteria: { evseId: 1 } },
    'CP-21': { chargingProfileCriteria: { chargingProfilePurpose: 'TxProfile' } },
  };
  test.each(STATIONS)('passes, and ours is set again, at %s', async (at) => {
    await using it = await openBehind('strictest', { at });
    await it.csms('SetChargingProfile', setOf(it, { id: 200, level: 2, limit: 8 }));
    expect(await (await it.emsp.set(it.session, upTo(20))).later).toEqual(ACCEPTED);
    const step = again(it, 'cleared');
    expect(await it.csms('ClearChargingProfile', everything[at])).toBe('Accepted');
    expect(await it.until(step)).toMatchObject({ station: at, answer: 'ACCEPTED', session: expect.stringContaining(it.session.toUpperCase()) });
    expect(it.installed()).toEqual([[10, 20]]);
  });

  test('OCPP 1.6: a profile of the CSMS with the id of ours replaces ours, which is set again with another id', async () => {
    await using it = await openBehind('strictest', { at: 'CP-16' });
    expect(await (await it.emsp.set(it.session, upTo(20))).later).toEqual(ACCEPTED);
    const [ours] = it.station.installed();
    const step = again(it, 'replaced');
    expect(await it.csms('SetChargingProfile', setOf(it, { id: ours?.id ?? 0, level: 2, limit: 8 }))).toBe('Accepted');
    await it.until(step);
    expect(it.station.installed().map(({ id, stackLevel }) => [id - (ours?.id ?? 0), stackLevel])).toEqual([
      [0, 2],
      [1, 10],
    ]);
    expect(await (await it.emsp.clear(it.session)).later).toEqual(ACCEPTED);
    expect(it.installed()).toEqual([[2, 8]]);
  });
});

describe('GW-P08: a station with too few levels', () => {
  test.each(STATIONS)('ours takes the place of that of the CSMS, which is set again when ours ends, at %s', async (at) => {
    await using it = await openBehind('strictest', { at, maxStackLevel: 2 });
    const theirs = setOf(it, { id: 200, level: 2, limit: 8 });
    await it.csms('SetChargingProfile', theirs);
    expect(await (await it.emsp.set(it.session, upTo(6))).later).toEqual(ACCEPTED);
    expect(it.installed()).toEqual([[2, 6]]);
    expect(await (await it.emsp.clear(it.session)).later).toEqual(ACCEPTED);
    expect(it.installed()).toEqual([[2, 8]]);
    expect(it.station.received('SetChargingProfile').at(-1)).toEqual(theirs);
  });

  test('OCPP 2.x: a profile of the CSMS that the station refused because of ours finds its place when the CSMS sends it again', async () => {
    await using it = await openBehind('strictest', { at: 'CP-201', maxStackLevel: 2 });
    expect(await (await it.emsp.set(it.session, upTo(20))).later).toEqual(ACCEPTED);
    const moved = again(it, 'changed');
    expect(await it.csms('SetChargingProfile', setOf(it, { id: 200, level: 2, limit: 8 }))).toBe('Rejected');
    await it.until(moved);
    expect(it.installed()).toEqual([[1, 20]]);
    const replaced = again(it, 'changed');
    expect(await it.csms('SetChargingProfile', setOf(it, { id: 200, level: 2, limit: 8 }))).toBe('Accepted');
    await it.until(replaced);
    expect(it.installed().at(-1)).toEqual([2, 8]);
  });
});

test.each(STATIONS)('GW-P01: the profile of a remote start counts from the start of its transaction to the end, at %s', async (at) => {
  await using it = await openBehind('strictest', { at });
  const ended = it.world.nextStep('session-changed', ({ status }) => status === 'COMPLETED');
  await it.station.unplug(1);
  await it.until(ended);
  await it.station.plugIn(1, { car: buildCar() });
  const is16 = at === 'CP-16';
  const { csChargingProfiles, chargingProfile = csChargingProfiles } = setOf(it, { id: 200, level: 2, limit: 8, purpose: 'TxProfile' }) as Record<
    string,
    object
  >;
  const { transactionId: _, ...profile } = chargingProfile as { transactionId?: unknown };
  const [action, payload] = is16
    ? ['RemoteStartTransaction', { connectorId: 1, idTag: badge.uid, chargingProfile: profile }]
    : ['RequestStartTransaction', { evseId: 1, remoteStartId: 1, idToken: { idToken: badge.uid, type: badge.type }, chargingProfile: profile }];
  const begins = it.emsp.session(({ id, status }) => status === 'ACTIVE' && id !== it.session);
  expect(await it.csms(String(action), Object(payload))).toBe('Accepted');
  const session = String((await it.until(begins)).id);
  expect(await (await it.emsp.set(session, upTo(20))).later).toEqual(ACCEPTED);
  expect(it.installed().at(-1)).toEqual([10, 8]);
  expect(it.installed()).toHaveLength(2);
});

test('GW-P11: a session shows what the CSMS has set, and names it as the reason', async () => {
  await using it = await openBehind('csms', { at: 'CP-16' });
  expect(await (await it.emsp.set(it.session, upTo(20))).later).toEqual(ACCEPTED);
  const pushed = it.emsp.nextPush(it.session);
  const changed = again(it, 'changed');
  await it.csms('SetChargingProfile', setOf(it, { id: 200, level: 2, limit: 8 }));
  await it.until(changed);
  await it.until(pushed);
  await it.clock.advance(15_000);
  const system = await openApiClient(it.world.node(), 'view');
  const { body } = await system.request(`GET sessions/${it.session}`);
  const profile = { id: 200, evse_id: 1, purpose: 'tx', stack_level: 2, charging_profile: { charging_profile_period: [{ start_period: 0, limit: 8 }] } };
  expect(body).toMatchObject({ csms: { smart_charging: 'csms', uncertain: false, profiles: [profile] }, limit: { limit: 8, origin: { kind: 'csms' } } });
  const why = await system.request(`GET sessions/${it.session}/why`);
  expect(why.body).toMatchObject({ text: expect.stringContaining('A charging profile of the CSMS allows 8 A') });
});

describe.each(stores)('GW-P09: the list of the CSMS is kept over a restart (%s)', (store) => {
  test('and ours is still set again after a clear', async () => {
    await using it = await openBehind('strictest', { at: 'CP-201' }, store);
    await it.csms('SetChargingProfile', setOf(it, { id: 200, level: 2, limit: 8 }));
    expect(await (await it.emsp.set(it.session, upTo(20))).later).toEqual(ACCEPTED);
    await it.world.restart();
    profilesOf(it).decideBy(() => 'strictest');
    await it.station.reconnect();
    const step = again(it, 'cleared');
    await it.csms('ClearChargingProfile', { chargingProfileCriteria: { stackLevel: 10 } });
    await it.until(step);
    expect(it.installed()).toEqual([
      [2, 8],
      [10, 8],
    ]);
    const ended = it.world.nextStep('session-changed', ({ status }) => status === 'COMPLETED');
    await it.station.unplug(1);
    await it.until(ended);
    expect(it.installed()).toEqual([]);
    expect(it.world.steps.filter(({ step }) => step === 'profile-set-again')).toHaveLength(1);
  });
});
