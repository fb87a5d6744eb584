import { expect, test } from 'vitest';
import { epochMillis } from '../../domain/units.ts';
import { hintsAtLimit } from './hints-at-limit.ts';
import type { Progress } from './session.ts';

const progress = (more: Partial<Progress> = {}): Progress => ({ period: { since: epochMillis(0) }, ...more });
const news = { kind: 'transaction-updated', transactionId: 'x', at: epochMillis(0), readings: [] } as const;
const at16: Partial<Progress> = { offered: { unit: 'A', limit: 16 } };

test.each([
  ['a changed rate', { ...news, rateChanged: true }, {}, {}, true],
  ['another current that is offered', news, at16, { offered: { unit: 'A', limit: 10 } }, true],
  ['the first current that is offered', news, {}, at16, true],
  ['the same current', news, at16, at16, false],
  ['a car that is held back', news, {}, { suspended: true }, true],
  ['a car that is let go', news, { suspended: true }, { suspended: false }, true],
  ['a car that is still held back', news, { suspended: true }, { suspended: true }, false],
  ['a car that was never held back', news, {}, { suspended: false }, false],
] as const)('CP-19: %s may come from another limit: %#', (_, event, before, after, hints) => {
  expect(hintsAtLimit(event, progress(before), progress(after))).toBe(hints);
});
