import type { EquivalentMutants } from './equivalents.ts';

/** The known equivalent mutants. bench/results/mutation.md shows this list. */
export const equivalentMutants: readonly EquivalentMutants[] = [
  {
    file: 'src/roles/cpo/answer-charging-needs.ts',
    why: 'The maximum of the EVSE and the car is a limit at every moment, so the limit for moments without one is never used.',
    mutants: [["{ W: evseMaximum(evse, 'W'), A: evseMaximum(evse, 'A') }", '{}']],
  },
  {
    file: 'src/roles/cpo/session-changes.ts',
    why: 'A session that lost its list of charging periods needs a PUT before its periods are compared.',
    mutants: [['[]', '["Stryker was here"]']],
  },
  {
    file: 'src/roles/cpo/set-charging-profile.ts',
    why: 'A request without a known EVSE is refused before.',
    mutants: [['evse?.powerType', 'evse.powerType']],
  },
  {
    file: 'src/roles/emsp/receive-location.ts',
    why: 'A connector was found only in a stored EVSE of a stored location; the types do not know it.',
    mutants: [
      ['!stored || !evse', 'false'],
      ['!stored || !evse', '!stored && !evse'],
    ],
  },
  {
    file: 'src/roles/scsp/apply-active-profile.ts',
    why: 'The text `maximum` has no unit, so it equals no active profile.',
    mutants: [
      ["it !== 'maximum'", 'true'],
      ["'maximum'", '""'],
    ],
  },
  {
    file: 'src/roles/scsp/apply-active-profile.ts',
    why: 'The difference from a limit that is not there is not a number, and that is above no tolerance.',
    mutants: [
      ['p !== undefined && q !== undefined', 'true'],
      ['p !== undefined && q !== undefined', 'p !== undefined || q !== undefined'],
      ['p !== undefined', 'true'],
      ['q !== undefined', 'true'],
    ],
  },
  {
    file: 'src/roles/scsp/choose-messages.ts',
    why: 'No two sessions have the same key.',
    mutants: [['a.key < b.key', 'a.key <= b.key']],
  },
  {
    file: 'src/roles/scsp/differs-enough.ts',
    why: 'Without a departure or a need the energy is not a number, and the difference from it is above no minimum.',
    mutants: [
      ['before !== undefined && after !== undefined', 'true'],
      ['before !== undefined && after !== undefined', 'before !== undefined || after !== undefined'],
      ['before !== undefined', 'true'],
      ['after !== undefined', 'true'],
      ['departure === undefined || energyNeed === undefined', 'false'],
      ['departure === undefined || energyNeed === undefined', 'departure === undefined && energyNeed === undefined'],
      ['energyNeed === undefined', 'false'],
      ['departure === undefined', 'false'],
    ],
  },
  {
    file: 'src/roles/scsp/load-schedules.ts',
    why: 'The text `maximum` has no unit, and a profile in another unit counts with the maximum too.',
    mutants: [
      ["profile === 'maximum'", 'false'],
      ["'maximum'", '""'],
    ],
  },
  {
    file: 'src/planner/cheapest-slots.ts',
    why: 'An offer of nothing gets a limit of 0 anyway; each index has an offer, which the types do not know.',
    mutants: [
      ['!offer || offer.most === 0', 'false'],
      ['!offer || offer.most === 0', '!offer && offer.most === 0'],
      ['offer.most === 0', 'false'],
      ['!offer', 'false'],
    ],
  },
  {
    file: 'src/planner/cheapest-slots.ts',
    why: 'The longest block is tried twice; there is no limit before the first one; a difference of infinite prices that is not a number sorts like 0.',
    mutants: [
      ['length < 2 * offers.length', 'length <= 2 * offers.length'],
      ['n === 0', 'false'],
      ['a.price === b.price', 'false'],
    ],
  },
  {
    file: 'src/planner/plan.ts',
    why: 'No two sessions have the same key; the order matters only when the capacity is below the sum of the least; shares are stored only to save time.',
    mutants: [
      ['a.session.key < b.session.key', 'a.session.key <= b.session.key'],
      ['capacity < least', 'true'],
      ['capacity < least', 'capacity <= least'],
      ['known.set(name, shares);', ';'],
    ],
  },
  {
    file: 'src/planner/preferences.ts',
    why: 'A departure that is not there is not before now.',
    mutants: [['departure !== undefined', 'true']],
  },
  {
    file: 'src/planner/shape-profile.ts',
    why: 'Amperes and watts are the same numbers when the program runs; only the types keep them apart.',
    mutants: [
      ["unit === 'A'", 'true'],
      ["unit === 'A'", 'false'],
      ["unit === 'A'", "unit !== 'A'"],
      ["'A'", '""'],
    ],
  },
  {
    file: 'src/planner/shape-profile.ts',
    why: 'One step is replaced by itself, and the periods of a profile do not use the end of a step.',
    mutants: [
      ['!last || rest.length === 0', '!last && rest.length === 0'],
      ['rest.length === 0', 'false'],
      ['limit < low', 'limit <= low'],
      ['rest.at(-1)?.to ?? last.to', 'rest.at(-1)?.to && last.to'],
      ['rest.at(-1)?.to', 'rest.at(-1).to'],
      ['-1', '+1'],
    ],
  },
  {
    file: 'src/planner/share-equally.ts',
    why: 'One that can use nothing gets 0 anyway; the shares do not jump at an edge; an empty list has no element to rotate.',
    mutants: [
      ['most > 0', 'true'],
      ['most > 0', 'most >= 0'],
      ['used(edge) <= capacity', 'used(edge) < capacity'],
      ['list.length === 0', 'false'],
    ],
  },
  {
    file: 'src/planner/slots.ts',
    why: 'Cuts before now, at the horizon and after it, and those that are no number are left out afterwards.',
    mutants: [
      ['[]', '["Stryker was here"]'],
      ['Math.floor(start / QUARTER) + 1', 'Math.floor(start / QUARTER) - 1'],
      ['quarter < end', 'quarter <= end'],
    ],
  },
  {
    file: 'src/domain/profile/active-profile.ts',
    why: 'Amperes and watts are the same numbers when the program runs; a limit that is not there is not 0 or more.',
    mutants: [
      ["case 'W': return { unit, ...timing, periods: cap(reported, evseMaximum(evse, unit), watts) };", "case 'W':"],
      ['limit !== undefined', 'true'],
    ],
  },
  {
    file: 'src/domain/profile/compare.ts',
    why: 'Only whether a step is there counts, not its value; each unit that is not W converts to A.',
    mutants: [
      ['true', 'false'],
      ["'A'", '""'],
    ],
  },
  {
    file: 'src/domain/profile/compose.ts',
    why: 'Two moments are finite when their sum is; the shortcut only saves time; a profile of no purpose is not composed.',
    mutants: [
      ['situation.to - situation.from', 'situation.to + situation.from'],
      ['generated.length === 0', 'false'],
      ['[]', '["Stryker was here"]'],
    ],
  },
  {
    file: 'src/domain/profile/merge-periods.ts',
    why: 'Watts and amperes are merged alike; between equal limits no energy is lost, by either formula.',
    mutants: [
      ["case 'W': return { ...profile, periods: merged(profile.periods, most, profile.duration) };", "case 'W':"],
      ['one.limit > next.limit', 'one.limit >= next.limit'],
    ],
  },
];
