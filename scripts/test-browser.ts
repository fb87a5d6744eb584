import { existsSync } from 'node:fs';
import { installWithApt } from './apt-get.ts';

/** The browser of the tests of the console. */
export const browserPath = process.env.EVENKEEL_TEST_CHROMIUM ?? '/usr/bin/chromium';

/** Why the tests of the console are skipped, and how to change that; undefined when there is a browser. */
export const lacksBrowser = (): string | undefined =>
  existsSync(browserPath)
    ? undefined
    : `no browser at ${browserPath}: install one (Debian: apt-get install chromium), or set EVENKEEL_TEST_CHROMIUM to its path`;

/** Installs a browser where there is none. */
export function installBrowser(): void {
  if (lacksBrowser() && process.env.EVENKEEL_TEST_CHROMIUM === undefined) installWithApt('chromium', 'the tests of the console');
}
