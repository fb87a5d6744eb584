import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const top = join(import.meta.dirname, '..');
/** What a build or an installation makes; a fresh clone has none of it. */
const MADE = /^(\..+|node_modules|dist|coverage)$/;

/** The package of this checkout, installed in an empty folder. Disposing deletes it. */
export interface PackedPackage extends Disposable {
  /** The folder of the project that uses the package. */
  project: string;
  /** Every file of the package, relative to its folder. */
  files: readonly string[];
  /** The text of a file of the package. */
  read(file: string): string;
  /** Runs Node in the project; the output of both streams, and the exit code. */
  node(...args: readonly string[]): { code: number | null; output: string };
}

/**
 * Builds the package, packs it with npm, and unpacks it into an empty project. The project's node_modules hold it and its dependencies,
 * as links, and nothing else: no network is needed, and a dependency that package.json does not name is missing.
 */
export function installPackage(): PackedPackage {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-package-'));
  const [checkout, project] = [join(folder, 'checkout'), join(folder, 'project')];
  const modules = join(project, 'node_modules');
  mkdirSync(modules, { recursive: true });
  cpSync(top, checkout, { recursive: true, filter: (path) => !(dirname(path) === top && MADE.test(relative(top, path))) });
  const compiler = join(top, 'node_modules/typescript/bin/tsc');
  const options = ['--noCheck', '--noResolve', '--declaration', 'false']; // types are checked elsewhere; the JavaScript is the same without
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', ...options, '--outDir', join(checkout, 'dist')], { cwd: top });
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: checkout, encoding: 'utf8' });
  execFileSync('tar', ['-xzf', join(folder, packed.trim()), '-C', modules]);
  const root = join(modules, 'evenkeel');
  renameSync(join(modules, 'package'), root);
  for (const name of Object.keys(dependencies())) link(name, modules);
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  return {
    project,
    files: filesIn(root),
    read,
    node: (...args) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
      return { code: status, output: stdout + stderr };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function dependencies(): Readonly<Record<string, string>> {
  const { dependencies: named }: { dependencies: Record<string, string> } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));
  return named;
}

function link(name: string, modules: string): void {
  const at = join(modules, name);
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(join(top, 'node_modules', name), at, 'dir');
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((it) => (it.isFile() ? [relative(folder, join(it.parentPath, it.name))] : []));
