import { existsSync } from 'node:fs';
import { installWithApt } from './apt-get.ts';

/** The program that evaluates the rules of alerts in tests. */
export const promtoolPath = process.env.EVENKEEL_TEST_PROMTOOL ?? '/usr/bin/promtool';

/** Why the tests of alerts are skipped, and how to change that; undefined when there is a promtool. */
export const lacksPromtool = (): string | undefined =>
  existsSync(promtoolPath)
    ? undefined
    : `no promtool at ${promtoolPath}: install it (Debian: apt-get install prometheus), or set EVENKEEL_TEST_PROMTOOL to its path`;

/** Installs promtool where there is none. */
export function installPromtool(): void {
  if (lacksPromtool() && process.env.EVENKEEL_TEST_PROMTOOL === undefined) installWithApt('prometheus', 'the tests of alerts');
}
