import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** A small project: each file with its imports, `type` before an import of types only. */
const project: Record<string, string[]> = {
  'src/domain/units.ts': [],
  'src/domain/clock.ts': ['src/domain/units.ts', 'node:fs', 'ws', 'src/ocpi/status.ts'],
  'src/domain/clock.test.ts': ['node:fs', 'vitest', 'src/domain/units.ts', 'sim/battery.ts', 'src/domain/night.fixture.ts'],
  'src/domain/night.fixture.ts': ['node:fs', 'vitest', 'src/ocpi/status.ts'],
  'src/ocpi/status.ts': ['src/domain/units.ts', 'src/domain/night.fixture.ts', 'typebox', 'node:crypto', 'src/ocpp/frame.ts'],
  'src/ocpp/frame.ts': ['src/domain/units.ts', 'ajv', 'src/store/store.ts', 'vitest'],
  'src/store/store.ts': ['src/domain/units.ts', 'src/delivery/post.ts'],
  'src/store/sqlite.ts': ['node:sqlite', 'src/store/store.ts', 'no-such-package'],
  'src/planner/plan.ts': ['src/domain/units.ts', 'src/store/store.ts'],
  'src/delivery/post.ts': ['src/domain/units.ts', 'src/ocpi/status.ts', 'src/store/sqlite.ts', 'src/roles/cpo/answer.ts'],
  'src/roles/cpo/answer.ts': ['src/domain/units.ts', 'src/planner/plan.ts', 'src/ocpi/status.ts', 'type src/store/store.ts', 'src/roles/cpo/active.ts'],
  'src/roles/cpo/active.ts': ['src/store/store.ts', 'type src/store/sqlite.ts', 'src/roles/emsp/ask.ts', 'src/ocpp/frame.ts', 'node:os', 'type ws'],
  'src/roles/emsp/ask.ts': ['src/domain/units.ts', 'src/delivery/post.ts'],
  'src/node/node.ts': ['src/node/cpo/dispatch.ts', 'src/node/api/view.ts', 'src/node/loft/attic.ts', 'src/delivery/post.ts', 'src/planner/plan.ts'],
  'src/node/core/context.ts': ['src/store/store.ts', 'type src/node/cpo/dispatch.ts'],
  'src/node/cpo/dispatch.ts': ['src/node/core/context.ts', 'src/roles/cpo/answer.ts', 'src/ocpp/frame.ts', 'src/node/relay/relay.ts'],
  'src/node/relay/relay.ts': ['src/node/core/context.ts', 'src/node/node.ts'],
  'src/node/api/view.ts': ['src/domain/units.ts', 'src/node/cpo/dispatch.ts', 'src/cli/main.ts'],
  'src/node/loft/attic.ts': [],
  'console/src/page.ts': ['type src/node/api/view.ts', 'src/node/api/view.ts'],
  'src/cli/main.ts': ['src/cli/demo.ts', 'src/node/api/view.ts', 'sim/battery.ts'],
  'src/cli/demo.ts': ['src/node/node.ts', 'sim/battery.ts', 'src/store/sqlite.ts'],
  'src/weather/rain.ts': [],
  'sim/battery.ts': ['src/domain/units.ts', 'src/ocpi/status.ts', 'src/ocpp/frame.ts', 'src/node/api/view.ts', 'test/world.ts'],
  'sim/circle-a.ts': ['sim/circle-b.ts'],
  'sim/circle-b.ts': ['type sim/circle-a.ts'],
  'sim/common.ts': ['src/domain/units.ts'],
  'test/world.ts': ['src/weather/rain.ts', 'src/domain/clock.test.ts', 'test/shared/paper.ts', 'src/cli/main.ts'],
  'test/shared/paper.ts': [],
};

/** The forbidden imports, as `rule: from → to`; all other imports of the project are allowed. */
const forbidden = [
  'arrows-of-src-domain: src/domain/clock.ts → src/ocpi/status.ts',
  'pure-no-platform: src/domain/clock.ts → fs',
  'pure-no-packages: src/domain/clock.ts → ws',
  'arrows-of-src-ocpi: src/ocpi/status.ts → src/ocpp/frame.ts',
  'fixtures-are-for-tests: src/ocpi/status.ts → src/domain/night.fixture.ts',
  'arrows-of-src-ocpp: src/ocpp/frame.ts → src/store/store.ts',
  'published-code-has-its-packages: src/ocpp/frame.ts → vitest',
  'arrows-of-src-store: src/store/store.ts → src/delivery/post.ts',
  'resolves: src/store/sqlite.ts → no-such-package',
  'arrows-of-src-planner: src/planner/plan.ts → src/store/store.ts',
  'arrows-of-src-delivery: src/delivery/post.ts → src/roles/cpo/answer.ts',
  'roles-take-only-types-of-the-store: src/roles/cpo/active.ts → src/store/store.ts',
  'roles-know-the-store-as-a-port: src/roles/cpo/active.ts → src/store/sqlite.ts',
  'one-role-knows-no-other: src/roles/cpo/active.ts → src/roles/emsp/ask.ts',
  'arrows-of-src-roles: src/roles/cpo/active.ts → src/ocpp/frame.ts',
  'pure-no-platform: src/roles/cpo/active.ts → os',
  'pure-no-packages: src/roles/cpo/active.ts → ws',
  'arrows-of-src-roles: src/roles/emsp/ask.ts → src/delivery/post.ts',
  'every-room-has-its-arrows: src/node/node.ts → src/node/loft/attic.ts',
  'arrows-of-node-core: src/node/core/context.ts → src/node/cpo/dispatch.ts',
  'arrows-of-node-cpo: src/node/cpo/dispatch.ts → src/node/relay/relay.ts',
  'arrows-of-node-relay: src/node/relay/relay.ts → src/node/node.ts',
  'arrows-of-src-node: src/node/api/view.ts → src/cli/main.ts',
  'the-page-takes-only-types: console/src/page.ts → src/node/api/view.ts',
  'arrows-of-src-cli: src/cli/main.ts → sim/battery.ts',
  'arrows-of-the-demo: src/cli/demo.ts → src/store/sqlite.ts',
  'arrows-of-sim: sim/battery.ts → src/node/api/view.ts',
  'arrows-of-sim: sim/battery.ts → test/world.ts',
  'name-says-what-is-inside-from: sim/common.ts → src/domain/units.ts',
  'name-says-what-is-inside: test/world.ts → test/shared/paper.ts',
  'every-folder-has-its-arrows: test/world.ts → src/weather/rain.ts',
  'nothing-imports-a-test: test/world.ts → src/domain/clock.test.ts',
];

interface Violation {
  rule: string;
  from: string;
  to: string;
}

function isViolation(value: unknown): value is { rule: { name: string }; from: string; to: string } {
  return typeof value === 'object' && value !== null && 'rule' in value && 'from' in value && 'to' in value;
}

function build(folder: string): void {
  for (const [file, imports] of Object.entries(project)) {
    const lines = imports.map((name, n) => {
      const [path, kind] = [name.replace('type ', ''), name.startsWith('type ') ? 'import type' : 'import'];
      const target = /^(src|sim|test|console)[/]/.test(path) ? join(folder, path) : path;
      return `${kind} * as imported${n} from '${target}';\nexport type Use${n} = typeof imported${n};\nconsole.log(${kind === 'import' ? `imported${n}` : n});\n`;
    });
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${lines.join('')}export const file = '${file}';\n`);
  }
  for (const file of ['.dependency-cruiser.js', 'package.json', 'tsconfig.json']) cpSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
}

/** Runs dependency-cruiser as `npm run check` does; returns the violations as `rule: from → to`. */
function cruise(folder: string): string[] {
  const cli = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [cli, '--output-type', 'json', 'src', 'sim', 'test', 'console/src'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (!stdout) throw new Error(stderr);
  const report: { summary: { violations: unknown[] } } = JSON.parse(stdout);
  const violations: Violation[] = report.summary.violations.filter(isViolation).map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
  return violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to.replace(/^.*node_modules[/]([^/]+)[/].*$/, '$1')}`);
}

describe('.dependency-cruiser.js', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-arrows-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  build(folder);
  const found = cruise(folder);
  const circles = found.filter((line) => line.startsWith('no-circles'));

  test('finds each forbidden import by its rule, and allows every other import', () => {
    expect(found.filter((line) => !circles.includes(line)).sort()).toEqual([...forbidden].sort());
  });
  test('finds a circle, also one of types only', () => {
    expect(circles).toContain('no-circles: sim/circle-a.ts → sim/circle-b.ts');
  });
});
