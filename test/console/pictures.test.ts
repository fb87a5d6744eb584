import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDemo } from '../../src/cli/demo/open.ts';
import { topologies } from '../../src/cli/demo/topologies.ts';
import { DEFAULT_SEED } from '../../src/cli/demo.ts';
import type { Node } from '../../src/node/index.ts';
import { addUser, openBrowser, type Window } from './browser.fixture.ts';

const folder = join(import.meta.dirname, '../../docs/pictures');
const PICTURES = ['overview-light', 'overview-dark', 'session-light', 'session-dark', 'overview-narrow', 'session-narrow'];
const MAX_BYTES = 200 * 1024;
/** The speed of the clock while pictures are taken, and the minutes on that clock before the first picture. */
const SPEED = 12;
const WARM_UP_MINUTES = 28;

test.each(PICTURES)('the picture console-%s of the documentation exists and is small', (name) => {
  expect(statSync(join(folder, `console-${name}.png`)).size).toBeLessThanOrEqual(MAX_BYTES);
});

/** The path of the page of a session at ELM-1, whose profile has limits in the past and in the future. */
async function sessionPath({ context }: Window, cpo: Node): Promise<string> {
  const { items }: { items: { key: string; station: string }[] } = await (await context.request.get(`${cpo.publicUrl}/api/v1/sessions?status=ACTIVE`)).json();
  const { key } = items.find(({ station }) => station === 'ELM-1') ?? items[0] ?? { key: '' };
  return `sessions/${key}`;
}

// Takes two and a half minutes and changes files: runs only on request.
if (process.env.EVENKEEL_PICTURES)
  test('the pictures of the documentation are taken again (EVENKEEL_PICTURES=1)', async () => {
    await using stack = new AsyncDisposableStack();
    // The street of `npm start`, on a faster clock.
    const { cpo, clock } = stack.use(await openDemo({ seed: DEFAULT_SEED, speed: SPEED, port: 0, topologies }, { print: () => undefined }));
    await addUser(cpo, 'operator');
    const browser = stack.use(await openBrowser());
    await new Promise<void>((done) => void clock.after(WARM_UP_MINUTES * 60_000, done));
    const wide = await browser.openWindow(cpo, { as: 'operator', viewport: { width: 1280, height: 860 } });
    const narrow = await browser.openWindow(cpo, { as: 'operator', viewport: { width: 390, height: 844 } });
    const session = await sessionPath(wide, cpo);
    const take = async ({ page, open }: Window, [name, path]: readonly [string, string]) => {
      await open(path);
      await page.locator('.plot canvas').first().waitFor();
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
      await page.locator('.bone').first().waitFor({ state: 'detached' });
      await page.screenshot({ path: join(folder, `console-${name}.png`), animations: 'disabled' });
    };
    await take(narrow, ['overview-narrow', '']);
    await take(narrow, ['session-narrow', session]);
    for (const colorScheme of ['light', 'dark'] as const) {
      await wide.page.emulateMedia({ colorScheme });
      await take(wide, [`overview-${colorScheme}`, '']);
      await take(wide, [`session-${colorScheme}`, session]);
    }
  }, 400_000);
