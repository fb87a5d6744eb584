import axe, { type AxeResults } from 'axe-core';
import type { Window } from './browser.fixture.ts';

/** What axe finds against WCAG AA and good practice on a page; the window needs `bypassCSP`, because axe creates elements from text. */
export async function violationsOn({ page }: Window): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: AxeResults = await page.evaluate('axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })');
  return found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((it) => it.html.slice(0, 160)).join(' | ')}`);
}
