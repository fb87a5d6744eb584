import { expect, test } from 'vitest';
import { parseConfig } from '../config/config-file.ts';
import { machineClock } from './machine-clock.ts';
import { openContext } from './open-context.ts';

async function opened() {
  const parsed = parseConfig(`
public_url: https://msp.example
database: ':memory:'
parties: [{ role: EMSP, country_code: NL, party_id: MSP, name: Evenkeel }]
`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  const stack = new AsyncDisposableStack();
  const context = await openContext(parsed.value, { clock: machineClock, log: () => undefined, stack });
  return { context, end: () => stack.disposeAsync() };
}
const timers = () => process.getActiveResourcesInfo().filter((it) => it === 'Timeout').length;
const ignore = () => undefined;

test('G-23: timers of a node end with it, and none can start after its end, so that the process can exit', async () => {
  const { context, end } = await opened();
  const before = timers();
  context.clock.after(60_000, ignore);
  expect(timers()).toBe(before + 1);
  await end();
  expect(timers()).toBe(before);
  context.clock.after(60_000, ignore);
  expect(timers()).toBe(before);
});
