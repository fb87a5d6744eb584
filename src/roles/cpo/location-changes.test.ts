import { describe, expect, test } from 'vitest';
import { versionsAfter } from '../../domain/field-versions.ts';
import { amperes, epochMillis, volts } from '../../domain/units.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { buildLocation, type EvseSnapshot } from './build-location.ts';
import { evseChangeSince, locationChangeSince, locationChanges } from './location-changes.ts';

const evse = (uid: string): EvseSnapshot => ({
  evse: { uid, evseId: 1, connectorId: 1, powerType: 'DC', maxVoltage: volts(800), maxAmperage: amperes(100) },
  plug: { standard: 'IEC_62196_T2_COMBO', format: 'CABLE' },
  status: 'AVAILABLE',
  followsProfiles: false,
  readsCards: true,
  followsPreferences: false,
});
const site = { country_code: 'NL', party_id: 'EVK', id: 'LOC1', publish: true, name: 'Garage' };
const { name: _, ...nameless } = site;
const build = (it: Parameters<typeof buildLocation>[0], evses: readonly EvseSnapshot[], before?: WireLocation) =>
  buildLocation(it, evses, { before, now: epochMillis(Date.UTC(2026, 0, 31, before ? 10 : 9)) });
const first = build(site, [evse('E1'), evse('E2')]);
const { evses: _evses, ...bare } = first;
const at = '2026-01-31T10:00:00.000Z';

describe('the messages with the changes of a location', () => {
  test('the whole location when the receiver has none, nothing when nothing changed', () => {
    expect(locationChanges(undefined, first)).toEqual([{ by: 'PUT', location: first }]);
    expect(locationChanges(first, first)).toEqual([]);
  });

  test('TRN-32: a changed status alone, to its EVSE alone', () => {
    const next = build(site, [{ ...evse('E1'), status: 'CHARGING' }, evse('E2')], first);
    expect(locationChanges(first, next)).toEqual([{ by: 'PATCH', uid: 'E1', patch: { status: 'CHARGING', last_updated: at } }]);
  });

  test('a new EVSE as a whole, a changed field of the location alone', () => {
    const next = build({ ...site, name: 'Garage West' }, [evse('E1'), evse('E2'), evse('E3')], first);
    expect(locationChanges(first, next)).toEqual([
      { by: 'PATCH', patch: { name: 'Garage West', last_updated: at } },
      { by: 'PUT', evse: next.evses?.[2] },
    ]);
  });

  test('a changed field of a location without EVSEs', () => {
    expect(locationChanges(bare, { ...bare, name: 'Garage West', last_updated: at })).toEqual([
      { by: 'PATCH', patch: { name: 'Garage West', last_updated: at } },
    ]);
  });

  test('the whole location when something was removed, because a PATCH cannot remove', () => {
    const next = build(nameless, [evse('E1'), evse('E2')], first);
    expect(locationChanges(first, next)).toEqual([{ by: 'PUT', location: next }]);
    const shorter = { ...first, evses: first.evses?.slice(1) ?? [] };
    expect(locationChanges(first, shorter)).toEqual([{ by: 'PUT', location: shorter }]);
    const stranger = build(site, [evse('E9')]);
    expect(locationChanges(stranger, first)).toEqual([{ by: 'PUT', location: first }]);
  });
});

describe('the message about a location itself to a receiver with an older version', () => {
  const renamed = { ...bare, name: 'Garage West', last_updated: at };
  const made = versionsAfter({}, { before: undefined, after: bare }, 1);
  const changed = versionsAfter(made, { before: bare, after: renamed }, 2);

  test('TRN-32: has the fields that changed since then and last_updated', () => {
    expect(locationChangeSince({ body: renamed, changed }, 1)).toEqual({ by: 'PATCH', patch: { name: 'Garage West', last_updated: at } });
  });

  test('is none when the receiver has the newest version', () => {
    expect(locationChangeSince({ body: renamed, changed }, 2)).toBeUndefined();
  });

  test('is the whole location when the receiver has none', () => {
    expect(locationChangeSince({ body: renamed, changed }, 0)).toBe('WHOLE');
  });
});

describe('R-11: the message about one EVSE to a receiver with an older version of its location', () => {
  const [before] = build(site, [evse('E1')]).evses ?? [];
  const [after] = build(site, [{ ...evse('E1'), status: 'CHARGING' }], first).evses ?? [];
  if (!before || !after) throw new Error('The location has no EVSE.');
  const changed = versionsAfter(versionsAfter({}, { before: undefined, after: before }, 1), { before, after }, 2);

  test('TRN-32: has the uid, the fields that changed since then and last_updated', () => {
    expect(evseChangeSince({ body: after, changed }, 1)).toEqual({ by: 'PATCH', uid: 'E1', patch: { status: 'CHARGING', last_updated: at } });
  });

  test('is none when the receiver has the newest version', () => {
    expect(evseChangeSince({ body: after, changed }, 2)).toBeUndefined();
  });

  test('is the whole EVSE when it is new to the receiver', () => {
    expect(evseChangeSince({ body: after, changed }, 0)).toEqual({ by: 'PUT', evse: after });
  });
});
