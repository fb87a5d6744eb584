import type { MeterSample } from '../../domain/meter-sample.ts';

/** A sample is kept after this time, and after a change at least this time after the one before, in ms. */
const KEEP_EVERY_MS = 60_000;
const CHANGE_MS = 10_000;
/** A smaller change of the power is no change: a part of it, and W. */
const POWER_PART = 0.1;
const POWER_W = 200;

/** Whether a sample is kept as evidence: after each change of the state, the offer or the power, and every 60 s. */
export function isSampleDue(before: MeterSample | undefined, sample: MeterSample): boolean {
  if (!before || before.state !== sample.state) return true;
  const age = sample.at - before.at;
  if (age < CHANGE_MS) return false;
  return age >= KEEP_EVERY_MS || before.offered?.limit !== sample.offered?.limit || isOtherPower(before.power, sample.power);
}

function isOtherPower(before: number | undefined, after: number | undefined): boolean {
  if (before === undefined || after === undefined) return before !== after;
  const change = Math.abs(after - before);
  return change >= POWER_W && change >= POWER_PART * Math.max(before, after);
}
