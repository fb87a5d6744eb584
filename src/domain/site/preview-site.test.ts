import { expect, test } from 'vitest';
import { amperes, epochSeconds, seconds } from '../units.ts';
import { Site } from './balanced-site.fixture.ts';
import { previewSite } from './preview-site.ts';
import { NOON } from './site.fixture.ts';

const limitedTo = (limit: number) =>
  ({
    kind: 'profile-changed',
    evse: 'A',
    profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(limit) }] },
    chargingStarted: epochSeconds(NOON),
  }) as const;

/** Two cars behind 32 A, each with its share of 16 A. */
function twoCars(): Site {
  const site = new Site();
  site.plug('A');
  site.confirm();
  site.plug('B');
  for (let n = 0; n < 6; n++) {
    site.confirm();
    site.wait(12);
  }
  return site;
}
const shares = (site: Site, ...events: Parameters<typeof previewSite>[1]) =>
  previewSite(site.last.state, events, epochSeconds(NOON + site.at)).map(({ evse, from, to }) => `${evse} ${from} > ${to}`);

test('CON-P01: the preview of a site is what its balance decides, and changes nothing', () => {
  const site = twoCars();
  const before = JSON.stringify(site.last.state.evses);
  expect(shares(site)).toEqual(['A 16 > 16', 'B 16 > 16']);
  expect(shares(site, limitedTo(8))).toEqual(['A 16 > 8', 'B 16 > 24']);
  expect(shares(site, { kind: 'limit-changed', node: 'grid', limit: { a: amperes(20) } })).toEqual(['A 16 > 10', 'B 16 > 10']);
  expect(JSON.stringify(site.last.state.evses)).toBe(before);
  site.apply(limitedTo(8));
  expect(shares(site, { kind: 'profile-changed', evse: 'A', chargingStarted: epochSeconds(NOON) })).toEqual(['A 8 > 16', 'B 24 > 16']);
});

test('CON-P01: an EVSE without a car is left out, and a silent one keeps its share', () => {
  const one = new Site();
  one.plug('A');
  expect(shares(one, limitedTo(8))).toEqual(['A 32 > 8']);
  const site = twoCars();
  site.apply({ kind: 'silent', evse: 'A', what: 'station' });
  expect(shares(site, limitedTo(8))[0]).toBe('A 16 > 16');
});
