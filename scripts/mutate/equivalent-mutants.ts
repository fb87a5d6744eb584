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
];
