import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { vi } from 'vitest';
import { browserPath, lacksBrowser } from '../../scripts/test-browser.ts';
import type { Node } from '../../src/node/node.ts';

// A browser, a node and its stations start slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Why the browser tests are skipped; undefined when a browser is installed. */
export const lacksChromium = lacksBrowser();
if (lacksChromium !== undefined) console.warn(`skipped: ${lacksChromium}`);

export const PASSWORD = 'four words of mine';

/** A real browser. Disposing closes the windows that were opened with it; the browser serves all tests of a worker, and ends with it. */
export interface TestBrowser extends AsyncDisposable {
  /** Opens a window with its own cookies; `as` names the user to sign in, by `password` when it is not that of `addUser`. */
  openWindow(node: Node, options?: BrowserContextOptions & { as?: string; password?: string }): Promise<Window>;
}
export interface Window {
  page: Page;
  context: BrowserContext;
  /** Exceptions of the page, errors on its console (such as violations of its policy), and dialogs. */
  errors: string[];
  open(path: string): Promise<void>;
}

let launched: Promise<Browser> | undefined;
const launch = () =>
  chromium.launch({
    executablePath: browserPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
  });

export async function openBrowser(): Promise<TestBrowser> {
  launched ??= launch();
  const browser = await launched;
  const contexts = new Set<BrowserContext>();
  return {
    openWindow: async (node, { as, password = PASSWORD, ...options } = {}) => {
      const window = await openWindow(browser, node, { as, password, options });
      contexts.add(window.context);
      return window;
    },
    [Symbol.asyncDispose]: async () => void (await Promise.all([...contexts].map((it) => it.close()))),
  };
}

/** Adds a user who may sign in. */
export async function addUser(node: Node, name: string, role: 'view' | 'operate' | 'admin' = 'admin'): Promise<void> {
  const added = await node.users.add({ name, role, password: PASSWORD, totp: false });
  if (!added.ok) throw new Error(added.problem);
}

async function openWindow(
  browser: Browser,
  node: Node,
  { as, password, options }: { as: string | undefined; password: string; options: BrowserContextOptions },
): Promise<Window> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    timezoneId: 'Europe/Amsterdam',
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(15_000);
  if (as !== undefined) {
    const headers = { origin: node.publicUrl, 'x-evenkeel': '1' };
    const answer = await context.request.post(`${node.publicUrl}/api/v1/login`, { headers, data: { name: as, password } });
    if (answer.status() !== 200) throw new Error(`${as} could not sign in: ${await answer.text()}`);
  }
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|net::ERR/.test(message.text())) errors.push(message.text());
  });
  page.on('dialog', async (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  const open = async (path: string) => {
    await page.goto(`${node.publicUrl}/console/${path}`);
    await page.locator('h1').first().waitFor();
  };
  return { page, context, errors, open };
}
