import { expect, test } from 'vitest';
import { combinationOf } from './combine-profiles.ts';

test.each([
  [[], { rule: 'none', says: 'no party has a profile here', replaces: [] }],
  [[{ by: 'NL*SCS' }], { rule: 'one', says: 'the profile of NL*SCS applies alone', replaces: ['NL*SCS'] }],
  [[{ by: 'operator' }], { rule: 'one', says: 'the profile of the operator applies alone, and other parties are refused', replaces: [] }],
  [
    [{ by: 'operator', keepsOthers: true }] as const,
    { rule: 'one', says: 'the profile of the operator applies; other parties may set theirs, and then the lowest limit applies', replaces: [] },
  ],
  [
    [{ by: 'NL*SCS' }, { by: 'operator', keepsOthers: true }] as const,
    { rule: 'lowest', says: 'the lowest limit of NL*SCS and the operator applies at each moment', replaces: ['NL*SCS'] },
  ],
])('CON-X07: the rule for %j', (profiles, rule) => {
  expect(combinationOf(profiles)).toEqual(rule);
});
