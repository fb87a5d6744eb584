import { expect, test } from 'vitest';
import { virtualClock } from '../../../sim/index.ts';
import { epochMillis } from '../../domain/units.ts';
import { parseConfig } from '../config/config-file.ts';
import { openContext } from './open-context.ts';

const ignore = () => undefined;

test('G-23: timers of a node end with it, and none can start after its end, so that the process can exit', async () => {
  const parsed = parseConfig(`
public_url: https://msp.example
database: ':memory:'
parties: [{ role: EMSP, country_code: NL, party_id: MSP, name: Evenkeel }]
`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  const stack = new AsyncDisposableStack();
  const clock = virtualClock(epochMillis(0));
  const context = await openContext(parsed.value, { clock, log: ignore, stack });
  const before = clock.waiting();
  context.clock.after(60_000, ignore);
  expect(clock.waiting()).toBe(before + 1);
  await stack.disposeAsync();
  expect(clock.waiting()).toBe(0);
  context.clock.after(60_000, ignore);
  expect(clock.waiting()).toBe(0);
});
