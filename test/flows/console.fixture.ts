import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API } from '../../src/node/api/route.ts';
import type { Node } from '../../src/node/node.ts';
import type { Scope } from '../../src/store/sql/api-key.ts';
import { type Answer, requestApi } from '../operator-api.ts';

export const PASSWORD = 'four words of mine';

/** A browser with one page of the node open: it stores cookies, and sends the origin of the node. */
export interface Browser {
  /** The cookie of the login. */
  readonly cookie: string | undefined;
  /** All values of Set-Cookie so far. */
  readonly cookies: readonly string[];
  /** Cookies by name, as the browser keeps them. */
  readonly jar: Map<string, string>;
  ask(line: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  signIn(name: string, more?: { password?: string; code?: string }): Promise<Answer>;
}

export function openBrowser(node: Node): Browser {
  const cookies: string[] = [];
  const jar = new Map<string, string>();
  const pairs = () => [...jar].map(([name, value]) => `${name}=${value}`);
  const browser: Browser = {
    get cookie() {
      return pairs().find((it) => !it.includes('-known-'));
    },
    cookies,
    jar,
    ask: async (line, body, headers) => {
      const origin: Record<string, string> = line.startsWith('GET') ? {} : { origin: node.operatorUrl };
      const cookie = jar.size === 0 ? {} : { cookie: pairs().join('; ') };
      const answer = await requestApi(node.operatorUrl, line, { body, headers: { ...origin, 'x-evenkeel': '1', ...cookie, ...headers } });
      for (const setCookie of answer.headers.getSetCookie()) {
        cookies.push(setCookie);
        const [name = '', value = ''] = setCookie.split(';')[0]?.split('=') ?? [];
        if (setCookie.includes('Max-Age=0')) jar.delete(name);
        else jar.set(name, value);
      }
      return answer;
    },
    signIn: (name, { password = PASSWORD, code } = {}) => browser.ask('POST login', { name, password, ...(code !== undefined && { code }) }),
  };
  return browser;
}

/** Adds a user with a role and signs in. */
export async function signedIn(node: Node, role: Scope = 'admin', name: string = role): Promise<Browser> {
  const added = await node.users.add({ name, role, password: PASSWORD, totp: false });
  if (!added.ok) throw new Error(added.problem);
  const browser = openBrowser(node);
  const answer = await browser.signIn(name);
  if (answer.status !== 200) throw new Error(answer.text);
  return browser;
}

/** A folder with a small built page in place of the console. */
export function builtPage(stack: AsyncDisposableStack): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-page-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title><script type="module" src="/console/assets/index-Ab3dE_9f.js"></script>');
  writeFileSync(join(folder, 'assets', 'index-Ab3dE_9f.js'), 'document.title = "open";');
  writeFileSync(join(folder, 'assets', 'index-Ab3dE_9f.js.gz'), 'packed');
  writeFileSync(join(folder, 'secret.key'), 'not a file of a page');
  return folder;
}

export const at = (node: Node, path: string, headers: Record<string, string> = {}) => fetch(node.publicUrl + path, { redirect: 'manual', headers });
export const apiAt = (node: Node, path: string) => `${node.publicUrl}${API}/${path}`;
