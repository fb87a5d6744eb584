// Plain JavaScript, because it runs under the Node of the machine (16 or later) before the pinned Node is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Path of this checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Path of the Node that package-lock.json pins; all programs of Evenkeel run under it. */
export const pinnedNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const stamp = join(root, 'node_modules', '.evenkeel-installed');
const lock = join(root, '.cache', 'install.lock');
const pollInterval = 500; // ms; how often a waiting process checks the lock, and how often its holder touches it
const lockTimeout = 30_000; // ms; a lock that was not touched for longer is stale
const npmTimeout = 600_000; // ms; how long an npm whose parent was killed keeps the lock
const killDelay = 3000; // ms from SIGTERM to SIGKILL when npm is interrupted

const say = (line) => process.stderr.write(`evenkeel: ${line}\n`); // stdout is for the output of the started program
const readOr = (file, otherwise) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
};

/** The content of the stamp file after a complete installation of this package-lock.json on this machine. */
function expectedStamp() {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}

/** True when a person ran npm and it succeeded: npm writes node_modules/.package-lock.json last, and it agrees with package-lock.json. */
function installedByHand() {
  try {
    const expected = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const found = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    const same = (path) => expected[path] && found[path].version === expected[path].version && found[path].integrity === expected[path].integrity;
    const present = (path) => path === '' || found[path] || expected[path].optional || expected[path].devOptional;
    return Object.keys(found).every(same) && Object.keys(expected).every(present);
  } catch {
    return false;
  }
}

function isInstalled() {
  if (!existsSync(pinnedNode)) return false;
  if (readOr(stamp, '') === expectedStamp()) return true;
  if (!installedByHand()) return false;
  try {
    writeFileSync(stamp, expectedStamp());
  } catch {
    // This user may not write to the checkout. The next start checks the packages again.
  }
  return true;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Takes the lock and returns undefined, or returns the process id of its holder. A stale lock (process killed, machine rebooted) is removed first. */
function takeLock() {
  try {
    mkdirSync(dirname(lock), { recursive: true });
    writeFileSync(lock, `${process.pid}`, { flag: 'wx' });
    return undefined;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = readOr(lock, '');
  if (isHeld(holder)) return holder.split(' ')[0] || 'that just started';
  moveAside(holder);
  return takeLock();
}

/** The lock file holds the process ids of the launch and of its npm. Each may be dead, or its id may belong to another process by now. */
function isHeld(holder) {
  const touched = statSync(lock, { throwIfNoEntry: false });
  if (!touched) return false;
  const age = Date.now() - touched.mtimeMs;
  const [launch, npm] = holder.split(' ').map(Number);
  return (age < lockTimeout && (!launch || isAlive(launch))) || (age < npmTimeout && Boolean(npm) && isAlive(npm));
}

function moveAside(holder) {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return; // another process has moved it
  }
  // Another process may have taken the lock since it was read. That process gets its lock back.
  if (readOr(aside, '') !== holder) renameSync(aside, lock);
  else rmSync(aside, { force: true });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function waitForLock() {
  let reported = false;
  for (let holder = takeLock(); holder !== undefined; holder = takeLock()) {
    if (!reported) say(`another launch (process ${holder}) is installing; waiting for it`);
    reported = true;
    await pause(pollInterval);
  }
}

/** The environment without node_modules/.bin of this checkout: npm must not run under the Node that it replaces. */
function machineEnvironment() {
  const binFolder = join(root, 'node_modules', '.bin');
  const path = (process.env.PATH || '').split(delimiter).filter((folder) => folder !== binFolder);
  return { ...process.env, PATH: path.join(delimiter) };
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs `npm ci` and prints a line of progress every ten seconds. `problem` is undefined after success. */
function runNpm() {
  const began = Date.now();
  const sinceStart = () => `${Math.round((Date.now() - began) / 1000)} s`;
  const args = ['ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-audit', '--no-fund'];
  const windows = process.platform === 'win32';
  return new Promise((resolve) => {
    // A process group of its own, so that npm and all its child processes can be ended together.
    const npm = spawn('npm', args, { cwd: root, env: machineEnvironment(), stdio: ['ignore', 2, 2], shell: windows, detached: !windows });
    if (npm.pid) writeFileSync(lock, `${process.pid} ${npm.pid}`);
    const touch = setInterval(() => utimesSync(lock, new Date(), new Date()), pollInterval);
    const progress = setInterval(() => say(`still installing (${sinceStart()})`), 10_000);
    let stoppedBy;
    const stop = (signal) => {
      if (stoppedBy) return;
      stoppedBy = signal;
      endGroup(npm, 'SIGTERM');
      setTimeout(() => endGroup(npm, 'SIGKILL'), killDelay).unref();
    };
    for (const signal of signals) process.on(signal, stop);
    const end = (problem) => {
      clearInterval(touch);
      clearInterval(progress);
      for (const signal of signals) process.off(signal, stop);
      resolve({ problem, stoppedBy, took: sinceStart() });
    };
    npm.on('error', (error) => end(error.code === 'ENOENT' ? 'npm was not found on the PATH: install Node.js together with npm' : error.message));
    npm.on('exit', (code, signal) => end(code === 0 ? undefined : `npm ci ended with ${code === null ? signal : `exit code ${code}`}, see above`));
  });
}

function endGroup(npm, signal) {
  try {
    if (npm.exitCode === null && npm.signalCode === null) process.kill(process.platform === 'win32' ? npm.pid : -npm.pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}

async function installLocked() {
  say('installing the packages of package-lock.json into node_modules (about half a minute, only after a change of that file)');
  rmSync(stamp, { force: true });
  const { problem, stoppedBy, took } = await runNpm();
  if (stoppedBy) {
    say('installation interrupted; the next start installs again');
    return { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[stoppedBy];
  }
  const why =
    problem ||
    (existsSync(pinnedNode) ? undefined : 'the pinned Node is missing; perhaps npm may not run install scripts: check with npm config get ignore-scripts');
  if (why) {
    say(`the installation failed: ${why}. Nothing was started.`);
    say(`Fix the cause (often the network, the disk space or the owner of ${root}), then run the same command again.`);
    return 1;
  }
  writeFileSync(stamp, expectedStamp());
  say(`installed in ${took}`);
  return 0;
}

/**
 * Makes node_modules agree with package-lock.json. Processes that start at the same time install only once.
 * Returns 0, or an exit code after the problem was printed to stderr.
 */
export async function install() {
  if (isInstalled()) return 0;
  try {
    await waitForLock();
  } catch (error) {
    say(`cannot install: ${error.message}. Run the command as the owner of ${root}.`);
    return 1;
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  const code = isInstalled() ? 0 : await installLocked(); // the process that held the lock may have installed
  process.off('exit', release);
  release();
  return code;
}
