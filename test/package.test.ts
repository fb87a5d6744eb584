import { posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installPackage, type PackedPackage } from './packed-package.ts';

/** Where links and pictures of a page lead: targets of Markdown, and `src` and `srcset` of HTML. Code is left out. */
const targetsIn = (page: string) =>
  [...page.replace(/```[\s\S]*?```|`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)|src(?:set)?="([^"]+)"/g)].map(
    ([, link, source]) => (link ?? source ?? '').split('#')[0] ?? '',
  );
const isElsewhere = (target: string) => target === '' || /^[a-z]+:/.test(target);

describe('the package as npm packs it, installed in an empty folder', () => {
  let it: PackedPackage;
  beforeAll(() => {
    it = installPackage();
  }, 60_000);
  afterAll(() => it[Symbol.dispose]());

  const evenkeel = (...args: readonly string[]) => it.node('node_modules/evenkeel/bin/evenkeel.js', ...args);

  test('F-81: evenkeel --version prints the version of package.json', () => {
    expect(evenkeel('--version')).toEqual({ code: 0, output: `${JSON.parse(it.read('package.json')).version}\n` });
  });

  test('F-81: evenkeel --help lists every command that README shows', () => {
    const shown = [...it.read('README.md').matchAll(/npx evenkeel ([a-z]+)/g)].map(([, command]) => command);
    expect(shown).toEqual(expect.arrayContaining(['demo', 'doctor', 'serve', 'invite', 'keys', 'set', 'watch']));
    const { code, output } = evenkeel('--help');
    const commands = [...output.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, command]) => command);
    expect([code, shown.filter((command) => !commands.includes(command))]).toEqual([0, []]);
  });

  test('F-81: each export can be imported with the dependencies that package.json names', () => {
    const { exports } = JSON.parse(it.read('package.json'));
    const modules = Object.keys(exports).map((path) => posix.join('evenkeel', path));
    const program = `for (const it of ${JSON.stringify(modules)}) console.log(it, Object.keys(await import(it)).length > 0);`;
    expect(it.node('--input-type=module', '--eval', program)).toEqual({ code: 0, output: modules.map((module) => `${module} true\n`).join('') });
  });

  test('F-81: the pages and pictures are there, and every link of every page leads to a file of the package', () => {
    const pages = it.files.filter((file) => file.endsWith('.md'));
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/operate.md', 'docs/embed.md', 'docs/charge-points.md', 'GLOSSARY.md', 'CHANGELOG.md']));
    const broken = pages.flatMap((page) =>
      targetsIn(it.read(page)).flatMap((target) => {
        const path = posix.join(posix.dirname(page), target);
        return isElsewhere(target) || it.files.some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`)) ? [] : [`${page}: ${target}`];
      }),
    );
    expect(broken).toEqual([]);
    expect(it.files).toContain('docs/pictures/console-session-dark.png');
  });

  test('F-81: the page of the console is there, and neither sources nor tests are', () => {
    expect(it.files).toContain('console/dist/index.html');
    expect(it.files.filter((file) => /^(src|sim|test|scripts)\/|\.test\.js$|\.fixture\.js$/.test(file))).toEqual([]);
  });
});
