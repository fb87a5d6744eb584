import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';

// A minimal checkout with a fake npm first on the PATH. The fake npm writes its arguments to npm.log.
const folders: string[] = [];
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const npm = (before: string) => `#!/bin/sh
echo "$@" >> npm.log
${before}
rm -rf node_modules
mkdir -p node_modules/node/bin
ln -s "${process.execPath}" node_modules/node/bin/node
echo 'output of npm'
`;
const program = `
console.log(JSON.stringify(process.argv.slice(2)));
if (process.argv[2] === 'demo') {
  const stay = setInterval(() => {}, 1000);
  process.on('SIGTERM', () => { console.log('stopped'); clearInterval(stay); process.exitCode = 3; });
  console.log('up');
}
if (process.argv[2] === 'fail') process.exitCode = 7;
`;

function checkout(before = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-run-'));
  folders.push(folder);
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  for (const file of ['run.js', 'install.js']) cpSync(join(import.meta.dirname, file), join(folder, 'scripts', file));
  write('package.json', '{"type":"module"}');
  write('package-lock.json', '{"packages":{}}');
  write('src/cli/main.ts', program);
  write('machine/npm', npm(before));
  chmodSync(join(folder, 'machine/npm'), 0o755);
  return folder;
}

interface Launch {
  child: ChildProcess;
  output: { out: string; err: string };
  end: Promise<{ code: number | null; out: string; err: string }>;
}

const launch = (folder: string, ...args: string[]) => start(folder, 'scripts/run.js', ...args);

function start(folder: string, ...args: string[]): Launch {
  const env = { ...process.env, PATH: `${join(folder, 'machine')}:/usr/bin:/bin` };
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text));
  return { child, output, end: new Promise((resolve) => child.on('close', (code) => resolve({ code, ...output }))) };
}

/** Resolves once the program has written `text` to stdout. */
function printed({ child, output }: Launch, text: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => output.out.includes(text) && resolve();
    child.stdout?.on('data', look);
    look();
  });
}

const installations = (folder: string) => readFileSync(join(folder, 'npm.log'), 'utf8').trim().split('\n').length;
const stamp = 'node_modules/.evenkeel-installed';

describe('npm start on a fresh clone', () => {
  test('installs once and then only runs; stdout has only the output of the program', async () => {
    const folder = checkout();
    const first = await launch(folder, 'evenkeel', 'peers', '--json').end;
    expect(first).toMatchObject({ code: 0, out: '["peers","--json"]\n' });
    expect(first.err).toContain('installing the packages of package-lock.json');
    const second = await launch(folder, 'evenkeel', 'peers').end;
    expect(second).toEqual({ code: 0, out: '["peers"]\n', err: '' });
    expect(installations(folder)).toBe(1);
  });
  test('F-81: npx evenkeel runs the sources of the clone, which has no dist/', async () => {
    const folder = checkout();
    mkdirSync(join(folder, 'bin'));
    cpSync(join(import.meta.dirname, '../bin/evenkeel.js'), join(folder, 'bin/evenkeel.js'));
    expect(await start(folder, 'bin/evenkeel.js', 'peers', '--json').end).toMatchObject({ code: 0, out: '["peers","--json"]\n' });
    expect(installations(folder)).toBe(1);
  });
  test('installs again when package-lock.json changed', async () => {
    const folder = checkout();
    await launch(folder, 'evenkeel').end;
    writeFileSync(join(folder, 'package-lock.json'), '{"packages":{"node_modules/ws":{"version":"8.0.0"}}}');
    await launch(folder, 'evenkeel').end;
    expect(installations(folder)).toBe(2);
  });
  test('accepts an installation that a person made with npm, when it agrees with package-lock.json', async () => {
    const folder = checkout();
    await launch(folder, 'evenkeel').end;
    rmSync(join(folder, stamp));
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{"packages":{}}');
    expect((await launch(folder, 'evenkeel').end).err).toBe('');
    expect(existsSync(join(folder, stamp))).toBe(true);
    writeFileSync(join(folder, 'package-lock.json'), '{"packages":{"node_modules/ws":{"version":"8.0.0"}}}');
    await launch(folder, 'evenkeel').end;
    expect(installations(folder)).toBe(2);
  });
  test('of several launches at the same time only one installs', async () => {
    const folder = checkout('mkdir busy || exit 9; sleep 1; rmdir busy');
    const ends = await Promise.all(['a', 'b', 'c'].map((name) => launch(folder, 'evenkeel', name).end));
    expect(ends.map(({ code, out }) => [code, out])).toEqual([
      [0, '["a"]\n'],
      [0, '["b"]\n'],
      [0, '["c"]\n'],
    ]);
    expect(installations(folder)).toBe(1);
    expect(ends.filter(({ err }) => err.includes('is installing; waiting for it'))).toHaveLength(2);
  });
  test('takes over the lock of a launch that was killed', async () => {
    const folder = checkout();
    mkdirSync(join(folder, '.cache'));
    const dead = launch(folder, 'nothing');
    await dead.end;
    writeFileSync(join(folder, '.cache/install.lock'), `${dead.child.pid}`);
    expect((await launch(folder, 'evenkeel').end).code).toBe(0);
    expect(readdirSync(join(folder, '.cache'))).toEqual([]);
  });
  test('a failed installation starts nothing, leaves no stamp and says what to do', async () => {
    const folder = checkout('mkdir -p node_modules; exit 4');
    const { code, out, err } = await launch(folder, 'evenkeel').end;
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('npm ci ended with exit code 4, see above. Nothing was started.');
    expect(err).toContain('then run the same command again');
    expect(existsSync(join(folder, stamp))).toBe(false);
    expect(readdirSync(join(folder, '.cache'))).toEqual([]);
  });
  test('an interrupted installation ends npm too, and the next start installs again', async () => {
    const folder = checkout('[ -f once ] || { touch once; mkfifo never; read -r _ < never; }');
    const first = launch(folder, 'evenkeel');
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (!existsSync(join(folder, 'never'))) return;
        clearInterval(look);
        resolve();
      }, 20);
    });
    first.child.kill('SIGTERM');
    expect(await first.end).toMatchObject({ code: 143, out: '' });
    expect(await launch(folder, 'evenkeel').end).toMatchObject({ code: 0, out: '[]\n' });
  });
});

describe('arguments and exit codes of a launch', () => {
  test('the options of npm start are passed to the demo', async () => {
    const folder = checkout();
    const demo = launch(folder, 'start', '--seed', '7', '--port', '9000');
    await printed(demo, 'up');
    demo.child.kill('SIGTERM');
    expect(await demo.end).toMatchObject({ code: 3, out: '["demo","--seed","7","--port","9000"]\nup\nstopped\n' });
  });
  test('the exit code of the program is the exit code of the launch', async () => {
    expect(await launch(checkout(), 'evenkeel', 'fail').end).toMatchObject({ code: 7 });
  });
  test('an unknown program name is refused with the list of known names', async () => {
    const { code, err } = await launch(checkout(), 'sart').end;
    expect(code).toBe(2);
    expect(err).toContain('no program "sart"; there are start, evenkeel, evaluate, test, check, bench, mutate, build, console, requirements, format');
  });
});
