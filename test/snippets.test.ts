import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const top = fileURLToPath(new URL('..', import.meta.url));
const { dependencies, exports: modules }: { dependencies: object; exports: object } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));
const pages = ['README.md', ...readdirSync(join(top, 'docs')).flatMap((it) => (it.endsWith('.md') ? [join('docs', it)] : []))];
const snippets = pages.flatMap((page) =>
  [...readFileSync(join(top, page), 'utf8').matchAll(/^```(?:ts|typescript)\n(.*?)^```/gms)].map(([, code = ''], n) => ({ page, number: n + 1, code })),
);
/** A file that uses everything that the package exports. */
const everything = Object.keys(modules)
  .map((it, n) => `export * as m${n} from 'evenkeel${it.slice(1)}';\n`)
  .join('');

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'evenkeel-snippets-')));
const installed = join(folder, 'node_modules');
const fileOf = ({ page, number }: { page: string; number: number }) => join(folder, `${page.replace(/\W/g, '-')}-${number}.ts`);
let program: ts.Program;

beforeAll(() => {
  installPackage();
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'everything.ts'), everything);
  for (const it of snippets) writeFileSync(fileOf(it), it.code);
  // The settings of a strict user. Without their own diagnostics, the types of other packages need not be checked.
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2024, lib: ['lib.es2024.d.ts', 'lib.esnext.disposable.d.ts'] };
  const strict = {
    ...options,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(installed, '@types')],
  };
  program = ts.createProgram([join(folder, 'everything.ts'), ...snippets.map(fileOf)], strict);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Installs the package as npm does: its declarations, its dependencies, and nothing that only its developers have. */
function installPackage(): void {
  const dist = join(installed, 'evenkeel', 'dist');
  const build = ts.getParsedCommandLineOfConfigFile(
    join(top, 'tsconfig.build.json'),
    { noCheck: true, emitDeclarationOnly: true, outDir: dist },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: ({ messageText }) => expect.unreachable(String(messageText)) },
  );
  if (!build) return;
  expect(ts.createProgram(build.fileNames, build.options).emit().emitSkipped).toBe(false);
  cpSync(join(top, 'package.json'), join(installed, 'evenkeel', 'package.json'));
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    mkdirSync(dirname(join(installed, name)), { recursive: true });
    symlinkSync(realpathSync(join(top, 'node_modules', name)), join(installed, name));
  }
}

function problemsIn(isChecked: (file: string) => boolean): readonly string[] {
  const files = program.getSourceFiles().filter(({ fileName }) => isChecked(fileName));
  expect(files.length).toBeGreaterThan(0);
  return files.flatMap((file) =>
    [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) => `${file.fileName.slice(folder.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    ),
  );
}

describe('F-82: for a strict user of the package', () => {
  test('there are snippets', () => expect(snippets.length).toBeGreaterThanOrEqual(3));

  test.each(snippets)('snippet $number of $page compiles', (snippet) => {
    expect(problemsIn((file) => file === fileOf(snippet))).toEqual([]);
  });

  test('the declarations of each module need no package that is not installed with it', () => {
    expect(problemsIn((file) => file.startsWith(join(installed, 'evenkeel')))).toEqual([]);
  });
});
