import { describe, expect, test } from 'vitest';
import type { LimitOrigin, LimitSource, Supply } from '../limit/limit-source.ts';
import type { BindingNode, SiteShare } from '../site/site-share.ts';
import { amperes, epochSeconds, volts, watts } from '../units.ts';
import { CAUSES } from './cause.ts';
import type { Measured, SessionKnowledge, StationFacts } from './known.ts';
import { whyOf } from './why.ts';
import { causeText, changeText, evidenceText, whySentence } from './why-text.ts';

const now = epochSeconds(36_000);
const until = epochSeconds(37_800);
const AC: Supply = { powerType: 'AC_3_PHASE', maxVoltage: volts(230), amperes: 32, watts: 22_080 };
const AC1: Supply = { powerType: 'AC_1_PHASE', maxVoltage: volts(230), amperes: 32, watts: 7_360 };
const DC: Supply = { powerType: 'DC', maxVoltage: volts(500), watts: 50_000 };
const EVSE: LimitOrigin = { kind: 'evse', name: 'E1' };
const SITE: LimitOrigin = { kind: 'site', name: 'garage/north' };
const SCS: LimitOrigin = { kind: 'party', name: 'NL*SCS' };
const MSP: LimitOrigin = { kind: 'party', name: 'NL*MSP' };
const ANNA: LimitOrigin = { kind: 'operator', name: 'anna' };
const PLAN: LimitOrigin = { kind: 'plan', name: 'NL*SCS' };
const STATION: LimitOrigin = { kind: 'station', name: 'BAY-1' };
const CSMS: LimitOrigin = { kind: 'csms', name: 'CSMS' };
const CPO: LimitOrigin = { kind: 'cpo', name: 'NL*EVK' };

const from = (origin: LimitOrigin, limit: number, more: Partial<LimitSource> = {}): LimitSource => ({ origin, limit, unit: 'A', ...more });
const node = (more: Partial<BindingNode> = {}): BindingNode => ({
  path: 'garage/north',
  limit: { a: amperes(20) },
  others: [{ evse: 'E2', current: amperes(10) }],
  meterFallback: false,
  ...more,
});
const share = (more: Partial<SiteShare> = {}): SiteShare => ({
  evse: 'E1',
  path: 'garage/north',
  confirmed: amperes(10),
  target: amperes(10),
  minimum: amperes(6),
  waits: false,
  renewed: false,
  silent: false,
  node: node(),
  ...more,
});
/** A share at which no node is used up. */
const unbound = (): SiteShare => {
  const { node: _, ...rest } = share();
  return rest;
};
const BAY: StationFacts = { id: 'BAY-1', online: true, announced: false };

/** A session at an EVSE of 32 A on three phases, with one limit that the station reports. */
const at = (source: LimitSource, measured: Measured = {}, more: Partial<SessionKnowledge> = {}): SessionKnowledge => ({
  now,
  side: 'own',
  status: 'ACTIVE',
  evse: 'E1',
  supply: AC,
  limit: { ...source, reported: true },
  sources: source.origin.kind === 'evse' ? [source] : [from(EVSE, 32), source],
  measured: { charging: true, ...measured },
  station: BAY,
  ...more,
});
const full = from(EVSE, 32);
const remote: Partial<SessionKnowledge> = { side: 'remote', station: undefined, cpo: { name: 'NL*EVK', stale: false } };
const none: Partial<SessionKnowledge> = { limit: undefined, sources: [] };
/** The power of a car that uses a limit in A on three phases. */
const uses = (current: number): Measured => ({ power: current * 690 });

const cases: [title: string, known: SessionKnowledge, verdict: string, causes: string[]][] = [
  ['full speed: the maximum of the EVSE', at(full, uses(32)), 'full-speed', ['evse-maximum']],
  ['full speed on one phase', at(full, { power: 7_300 }, { supply: AC1 }), 'full-speed', ['evse-maximum']],
  ['full speed on DC', at({ origin: EVSE, limit: 50_000, unit: 'W' }, { power: 49_000 }, { supply: DC }), 'full-speed', ['evse-maximum']],
  ['the current shows what the car takes when no power is reported', at(full, { current: 96 }), 'full-speed', ['evse-maximum']],
  ['a party', at(from(SCS, 8, { until }), uses(8)), 'limited', ['party-profile', 'evse-maximum']],
  ['a user of the node', at(from(ANNA, 7), uses(7)), 'limited', ['operator-limit', 'evse-maximum']],
  ['the plan of the node', at(from(PLAN, 8), uses(8), { planned: 'cheap from 22:00 on' }), 'limited', ['price-plan', 'evse-maximum']],
  ['the share of a site', at(from(SITE, 10), uses(10), { site: share() }), 'limited', ['site-share', 'evse-maximum']],
  ['the share of a site without a node that is used up', at(from(SITE, 10), uses(10), { site: unbound() }), 'limited', ['site-share', 'evse-maximum']],
  [
    'a site below a profile: the profile would be next',
    at(from(SITE, 10), uses(10), { site: share(), sources: [full, from(SCS, 16), from(SITE, 10)] }),
    'limited',
    ['site-share', 'party-profile', 'evse-maximum'],
  ],
  [
    'a site whose share follows the profile',
    at(from(SCS, 8), uses(8), { site: share({ confirmed: amperes(8) }), sources: [full, from(SCS, 8), from(SITE, 8)] }),
    'limited',
    ['party-profile', 'evse-maximum'],
  ],
  [
    'two parties and the operator, the lowest next',
    at(from(ANNA, 7), uses(7), { sources: [full, from(SCS, 16), from(MSP, 12), from(ANNA, 7)] }),
    'limited',
    ['operator-limit', 'party-profile', 'party-profile', 'evse-maximum'],
  ],
  [
    'an imposed limit of a site',
    at(from(SITE, 10), uses(10), { site: share({ node: node({ imposed: { a: amperes(20), until, fallback: false } }) }) }),
    'limited',
    ['imposed-limit', 'site-share', 'evse-maximum'],
  ],
  [
    'an imposed limit that was not renewed',
    at(from(SITE, 10), uses(10), { site: share({ node: node({ imposed: { w: watts(9_000), fallback: true } }) }) }),
    'limited',
    ['imposed-fallback', 'site-share', 'evse-maximum'],
  ],
  [
    'a building that takes a part',
    at(from(SITE, 10), uses(10), { site: share({ node: node({ building: amperes(9) }) }) }),
    'limited',
    ['site-share', 'building-load', 'evse-maximum'],
  ],
  [
    'a silent meter of a building',
    at(from(SITE, 7), uses(7), { site: share({ node: node({ meterFallback: true }) }) }),
    'limited',
    ['building-fallback', 'site-share', 'evse-maximum'],
  ],
  [
    'a car that waits for its share',
    at(from(SITE, 0), { power: 0 }, { site: share({ target: amperes(0), waits: true }) }),
    'paused',
    ['site-waits', 'evse-maximum'],
  ],
  [
    'a car that waits under an imposed limit',
    at(from(SITE, 0), { power: 0, suspendedBy: 'EVSE' }, { site: share({ waits: true, node: node({ imposed: { a: amperes(8), fallback: false } }) }) }),
    'paused',
    ['site-waits', 'imposed-limit', 'evse-maximum'],
  ],
  ['0 A of the operator', at(from(ANNA, 0), { power: 0, charging: false }), 'paused', ['operator-limit', 'evse-maximum']],
  ['5 A of a party are below 6 A', at(from(SCS, 5), { power: 0, suspendedBy: 'EV', charging: false }), 'paused', ['party-profile', 'evse-maximum']],
  ['4 kW on three phases are below 6 A', at({ origin: SCS, limit: 4_000, unit: 'W' }, { power: 0 }), 'paused', ['party-profile', 'evse-maximum']],
  ['4 kW on DC are no pause', at({ origin: SCS, limit: 4_000, unit: 'W' }, { power: 4_000 }, { supply: DC }), 'limited', ['party-profile', 'evse-maximum']],
  ['a limit of the station itself', at(from(STATION, 13), uses(13), { sources: [full] }), 'limited', ['station-limit', 'evse-maximum']],
  [
    'a limit of the station below a profile',
    at(from(STATION, 13), uses(13), { sources: [full, from(SCS, 16)], station: { ...BAY, deviation: 'below' } }),
    'limited',
    ['station-limit', 'party-profile', 'evse-maximum', 'station-refuses'],
  ],
  ['a car that takes less', at(full, { power: 4_100 }), 'limited', ['car-takes-less', 'evse-maximum']],
  ['a car on one of three phases at the maximum of the EVSE', at(full, { power: 7_300 }), 'limited', ['car-fewer-phases', 'evse-maximum']],
  ['a car on two of three phases', at(full, { power: 14_600 }), 'limited', ['car-fewer-phases', 'evse-maximum']],
  [
    'a car on one phase below a profile: the profile binds',
    at(from(SCS, 10), { power: 2_300 }),
    'limited',
    ['party-profile', 'car-fewer-phases', 'evse-maximum'],
  ],
  ['a car that is nearly full', at(full, { power: 7_300, charge: 92 }), 'limited', ['car-nearly-full', 'evse-maximum']],
  ['a car that is full', at(full, { power: 30, charge: 100, charging: false }), 'not-charging', ['car-full', 'evse-maximum']],
  ['a car that has stopped', at(full, { power: 0, suspendedBy: 'EV', charging: false }), 'not-charging', ['car-suspends', 'evse-maximum']],
  [
    'a car that has stopped while a profile holds',
    at(from(SCS, 8), { power: 0, suspendedBy: 'EV', charging: false }),
    'not-charging',
    ['car-suspends', 'party-profile', 'evse-maximum'],
  ],
  ['a car that draws nothing and nobody says why', at(full, { power: 20 }), 'not-charging', ['car-does-not-charge', 'evse-maximum']],
  ['a car that does not charge, and no power', at(full, { charging: false }), 'not-charging', ['car-does-not-charge', 'evse-maximum']],
  ['a station that has stopped', at(full, { power: 0, suspendedBy: 'EVSE', charging: false }), 'not-charging', ['station-suspends', 'evse-maximum']],
  [
    'a share that was lowered because the car takes less',
    at(from(SITE, 8.8), { power: 5_000 }, { site: { ...unbound(), unusedAbove: amperes(8.8) } }),
    'limited',
    ['car-takes-less', 'site-share', 'evse-maximum'],
  ],
  ['a power from before the limit', at(from(SCS, 8), uses(16)), 'limited', ['party-profile', 'evse-maximum']],
  ['more than the limit', at(from(SCS, 8), { ...uses(16), aboveLimit: true }), 'limited', ['above-limit', 'party-profile', 'evse-maximum']],
  [
    'a station that refuses the orders of a site',
    at(from(SITE, 10), uses(10), { site: share({ refusedUntil: until }) }),
    'limited',
    ['site-share', 'evse-maximum', 'station-refuses'],
  ],
  ['a station that takes no profiles', at(full, uses(32), { station: { ...BAY, takesProfiles: false } }), 'full-speed', ['evse-maximum', 'takes-no-profiles']],
  [
    'a connected station that does not answer',
    at(from(SITE, 10), uses(10), { site: share({ silent: true }) }),
    'limited',
    ['site-share', 'evse-maximum', 'station-silent'],
  ],
  [
    'a station that is away',
    at(from(SITE, 10), uses(10), { site: share(), station: { ...BAY, online: false, seen: now } }),
    'unknown',
    ['station-away', 'site-share', 'evse-maximum'],
  ],
  ['a limit that is unknown since a clear', at(full, uses(8), { limit: undefined, unknownSince: now }), 'unknown', ['limit-unknown', 'evse-maximum']],
  [
    'an unknown limit while the car has stopped',
    at(full, { power: 0, suspendedBy: 'EV' }, { limit: undefined, unknownSince: now }),
    'not-charging',
    ['car-suspends', 'evse-maximum'],
  ],
  [
    'a station that is away while the limit is unknown',
    at(full, {}, { limit: undefined, unknownSince: now, station: { ...BAY, online: false } }),
    'unknown',
    ['station-away', 'limit-unknown', 'evse-maximum', 'power-unknown'],
  ],
  ['no power is reported at a profile', at(from(SCS, 8)), 'limited', ['party-profile', 'evse-maximum', 'power-unknown']],
  ['no power is reported at the maximum', at(full), 'unknown', ['evse-maximum', 'power-unknown']],
  ['a profile that may not be installed', at(from(SCS, 8, { uncertain: true }), uses(8)), 'limited', ['party-profile', 'evse-maximum', 'profile-uncertain']],
  ['GW-P11: a profile of the CSMS', at(from(CSMS, 8), uses(8)), 'limited', ['csms-profile', 'evse-maximum']],
  ['remote: our profile', at(from(MSP, 8), uses(8), remote), 'limited', ['party-profile', 'evse-maximum']],
  ['remote: the CPO limits it', at(from(CPO, 10), uses(10), { ...remote, sources: [full] }), 'limited', ['cpo-limit', 'evse-maximum']],
  [
    'remote: the CPO has reported no limit and the car takes less than the EVSE gives',
    at(full, { power: 7_300 }, { ...remote, limit: { ...full, reported: false } }),
    'unknown',
    ['limit-unknown', 'evse-maximum'],
  ],
  [
    'remote: full speed although the CPO has reported no limit',
    at(full, uses(32), { ...remote, limit: { ...full, reported: false } }),
    'full-speed',
    ['evse-maximum'],
  ],
  ['remote: nothing is known', at(full, {}, { ...remote, ...none, supply: undefined }), 'unknown', ['limit-unknown', 'power-unknown']],
  [
    'remote: the messages are out of date',
    at(from(MSP, 8), uses(8), { ...remote, cpo: { name: 'NL*EVK', stale: true, since: now } }),
    'unknown',
    ['messages-stale', 'party-profile', 'evse-maximum'],
  ],
  ['own: the EVSE is not in the configuration any more', at(full, { power: 5_000 }, { ...none, supply: undefined }), 'unknown', ['nothing-known']],
  ['a session that waits for its car', at(full, {}, { status: 'PENDING' }), 'not-charging', ['not-started']],
  ['a session that is over', at(full, {}, { status: 'COMPLETED' }), 'over', ['ended']],
];

const clock = (moment: number) => new Date(moment * 1000).toISOString().slice(11, 16);

describe('CON-W03: why a session charges as fast as it does', () => {
  test.each(cases)('%s', (...[, known, verdict, causes]) => {
    const why = whyOf(known);
    expect([why.verdict, ...why.causes.map(({ code }) => code)]).toEqual([verdict, ...causes]);
  });

  test.each(cases)('%s: each cause says what would change it, in words without gaps', (_, known) => {
    const why = whyOf(known);
    const texts = [
      whySentence(why, clock),
      ...why.causes.flatMap((it) => [causeText(it, clock), changeText(it, clock), ...it.evidence.map((fact) => evidenceText(fact, clock))]),
    ];
    for (const text of texts) expect(text).not.toMatch(/undefined|NaN|\s\s|\s[.,:]/);
  });

  test('every cause has a case', () => {
    const shown = new Set(cases.flatMap(([, known]) => whyOf(known).causes.map(({ code }) => code)));
    expect(CAUSES.filter((code) => !shown.has(code))).toEqual([]);
  });
});

describe('CON-W03: the sentence', () => {
  const sentenceOf = (known: SessionKnowledge) => whySentence(whyOf(known), clock);
  test.each([
    [at(full, uses(32)), 'It charges as fast as it can: the EVSE E1 gives at most 32 A.'],
    [at(from(SCS, 8, { until }), uses(8)), 'The charging profile of NL*SCS allows 8 A until 10:30.'],
    [at(from(ANNA, 0), { power: 0 }), 'anna has set 0 A. A car needs at least 6 A to charge, so it pauses.'],
    [at(from(SITE, 10), uses(10), { site: share() }), 'The share of garage/north for this EVSE is 10 A: garage/north may draw 20 A (E2 takes 10 A).'],
    [at(full, { power: 4_100 }), 'The car takes 4.1 kW of 22.1 kW.'],
    [at(full, { power: 7_300 }), 'The car charges on 1 phase: it takes 7.3 kW of 22.1 kW.'],
    [
      at(full, uses(1), { station: { ...BAY, online: false, seen: now } }),
      'Station BAY-1 is not connected; it was last heard at 10:00. What the car draws now is not known.',
    ],
    [
      at(from(SITE, 10), uses(10), { site: share({ node: node({ imposed: { a: amperes(20), until, fallback: false } }) }) }),
      'A limit of 20 A is imposed on garage/north until 10:30.',
    ],
  ])('%#: %j', (known, sentence) => expect(sentenceOf(known)).toBe(sentence));
});
