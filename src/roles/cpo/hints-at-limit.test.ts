import { expect, test } from 'vitest';
import { epochMillis } from '../../domain/units.ts';
import { limitMayHaveChanged } from './hints-at-limit.ts';
import type { Progress } from './session.ts';

const progress = (more: Partial<Progress> = {}): Progress => ({ period: { since: epochMillis(0) }, ...more });
const news = { kind: 'transaction-updated', transactionId: 'x', at: epochMillis(0), readings: [] } as const;
const at16: Partial<Progress> = { offered: { unit: 'A', limit: 16 } };

test.each([
  { what: 'a changed rate', event: { ...news, rateChanged: true }, before: {}, after: {}, hints: true },
  { what: 'another current that is offered', event: news, before: at16, after: { offered: { unit: 'A', limit: 10 } }, hints: true },
  { what: 'the first current that is offered', event: news, before: {}, after: at16, hints: true },
  { what: 'the same current', event: news, before: at16, after: at16, hints: false },
  { what: 'a car that is held back', event: news, before: {}, after: { suspended: true }, hints: true },
  { what: 'a car that is let go', event: news, before: { suspended: true }, after: { suspended: false }, hints: true },
  { what: 'a car that is still held back', event: news, before: { suspended: true }, after: { suspended: true }, hints: false },
  { what: 'a car that was never held back', event: news, before: {}, after: { suspended: false }, hints: false },
] as const)('CP-19: $what may come from another limit: $hints', ({ event, before, after, hints }) => {
  expect(limitMayHaveChanged(event, progress(before), progress(after))).toBe(hints);
});
