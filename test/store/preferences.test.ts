import { describe, expect, test } from 'vitest';
import { peerId, sessionKey } from '../../src/domain/ids.ts';
import type { ChargingPreferences } from '../../src/domain/preferences.ts';
import { epochMicros, epochMillis, epochSeconds, wattHours } from '../../src/domain/units.ts';
import { openStore } from '../../src/store/open.ts';
import { allPreferences, forgetPreferences, savePreference } from '../../src/store/sql/preference.ts';
import { runningRemote, saveSession } from '../../src/store/sql/session.ts';
import { databaseFor, stores } from '../world.ts';

const at = epochMillis(1_800_000_000_000);
const fast: ChargingPreferences = { profileType: 'FAST', dischargeAllowed: false };
const cheap: ChargingPreferences = { profileType: 'CHEAP', departure: epochSeconds(1_800_010_000), energyNeed: wattHours(12_500), dischargeAllowed: true };
const keyOf = (id: string) => sessionKey('NL', 'CPO', id);
const session = (id: string, status: string) =>
  saveSession({
    key: keyOf(id),
    peer: peerId('NL*CPO'),
    foldedId: id.toUpperCase(),
    tokenParty: undefined,
    status,
    lastUpdated: epochMicros(0),
    body: { id },
    station: undefined,
    evseUid: undefined,
    transactionId: undefined,
    profileId: undefined,
    progress: undefined,
    driver: undefined,
    receiver: undefined,
    locationId: undefined,
  });

describe.each(stores)('stored charging preferences (%s)', (kind) => {
  test('SES-57: the latest preferences of a session are kept until the session is over', async () => {
    await using stack = new AsyncDisposableStack();
    const store = stack.use(await openStore(await databaseFor(kind, stack)));
    await store.commit([session('s1', 'ACTIVE'), session('s2', 'ACTIVE'), savePreference(keyOf('s1'), fast, at), savePreference(keyOf('s2'), fast, at)]);
    await store.commit([savePreference(keyOf('s1'), cheap, at), session('s2', 'COMPLETED'), forgetPreferences]);
    expect(await store.all(allPreferences)).toEqual([{ session: keyOf('s1'), preferences: cheap }]);
  });

  test('CP-40: runningRemote returns the ACTIVE sessions of peers', async () => {
    await using stack = new AsyncDisposableStack();
    const store = stack.use(await openStore(await databaseFor(kind, stack)));
    await store.commit([session('s1', 'ACTIVE'), session('s2', 'PENDING'), session('s3', 'COMPLETED'), session('s4', 'ACTIVE'), session('s5', 'ACTIVE')]);
    await store.commit([{ name: 'make-own', sql: 'UPDATE session SET peer = NULL WHERE key = $1', values: [keyOf('s4')] }]);
    expect((await store.all(runningRemote<{ id: string }, undefined>())).map(({ body }) => body.id)).toEqual(['s1', 's5']);
  });
});
