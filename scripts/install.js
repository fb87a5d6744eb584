// Plain JavaScript: it runs under whatever Node the machine has (16 or later), before the pinned one is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** The Node that package-lock.json pins; everything of Evenkeel runs under it. */
export const pinnedNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const stamp = join(root, 'node_modules', '.evenkeel-installed');
const lock = join(root, '.cache', 'install.lock');
const breath = 500; // ms between two looks at another launch's lock
const lockLife = 30_000; // ms; a living launch touches its lock every `breath`
const npmLife = 600_000; // ms; how long an npm that outlived its launch keeps others away
const grace = 3000; // ms that an interrupted npm gets to clean up

const say = (line) => process.stderr.write(`evenkeel: ${line}\n`); // stdout belongs to the program that is started
const readOr = (file, otherwise) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
};

/** What a complete installation of this lockfile on this machine is called. */
function wanted() {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}

/** npm writes node_modules/.package-lock.json last, so where it agrees with package-lock.json, somebody ran npm by hand and it ended well. */
function installedByHand() {
  try {
    const asked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const found = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    const same = (path) => asked[path] && found[path].version === asked[path].version && found[path].integrity === asked[path].integrity;
    const present = (path) => path === '' || found[path] || asked[path].optional || asked[path].devOptional;
    return Object.keys(found).every(same) && Object.keys(asked).every(present);
  } catch {
    return false;
  }
}

function isInstalled() {
  if (!existsSync(pinnedNode)) return false;
  if (readOr(stamp, '') === wanted()) return true;
  if (!installedByHand()) return false;
  try {
    writeFileSync(stamp, wanted());
  } catch {
    // A checkout that this user may only read: it is looked at again next time.
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

/** Takes the lock, or names the launch that has it. A lock of a dead launch (killed, or before a reboot) is moved aside first. */
function takeLock() {
  try {
    mkdirSync(dirname(lock), { recursive: true });
    writeFileSync(lock, `${process.pid}`, { flag: 'wx' });
    return undefined;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = readOr(lock, '');
  if (isHeld(holder)) return holder.split(' ')[0] || 'just started';
  moveAside(holder);
  return takeLock();
}

/** A lock names its launch and, once started, the npm of it; either may have been killed, and a number may be another process by now. */
function isHeld(holder) {
  const touched = statSync(lock, { throwIfNoEntry: false });
  if (!touched) return false;
  const age = Date.now() - touched.mtimeMs;
  const [launch, npm] = holder.split(' ').map(Number);
  return (age < lockLife && (!launch || isAlive(launch))) || (age < npmLife && Boolean(npm) && isAlive(npm));
}

function moveAside(holder) {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return; // another launch was faster
  }
  // Between the look and the move another launch may have taken it over: then it gets its lock back.
  if (readOr(aside, '') !== holder) renameSync(aside, lock);
  else rmSync(aside, { force: true });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function waitForLock() {
  let told = false;
  for (let holder = takeLock(); holder !== undefined; holder = takeLock()) {
    if (!told) say(`another launch (process ${holder}) is installing; waiting for it`);
    told = true;
    await pause(breath);
  }
}

/** The environment without our own node_modules/.bin: npm must not run under a Node that it is about to replace. */
function machineEnvironment() {
  const ours = join(root, 'node_modules', '.bin');
  const path = (process.env.PATH || '').split(delimiter).filter((folder) => folder !== ours);
  return { ...process.env, PATH: path.join(delimiter) };
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs `npm ci` with a line of progress every ten seconds; gives how it ended. */
function runNpm() {
  const began = Date.now();
  const sinceStart = () => `${Math.round((Date.now() - began) / 1000)} s`;
  const args = ['ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-audit', '--no-fund'];
  const windows = process.platform === 'win32';
  return new Promise((resolve) => {
    // In a process group of its own, so that an interruption can end npm and all that it started.
    const npm = spawn('npm', args, { cwd: root, env: machineEnvironment(), stdio: ['ignore', 2, 2], shell: windows, detached: !windows });
    if (npm.pid) writeFileSync(lock, `${process.pid} ${npm.pid}`);
    const beat = setInterval(() => utimesSync(lock, new Date(), new Date()), breath);
    const progress = setInterval(() => say(`still installing (${sinceStart()})`), 10_000);
    let stoppedBy;
    const stop = (signal) => {
      if (stoppedBy) return;
      stoppedBy = signal;
      endGroup(npm, 'SIGTERM');
      setTimeout(() => endGroup(npm, 'SIGKILL'), grace).unref();
    };
    for (const signal of signals) process.on(signal, stop);
    const end = (problem) => {
      clearInterval(beat);
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
    // It ended in this moment.
  }
}

async function installLocked() {
  say('installing what package-lock.json names into node_modules (about half a minute, only when it changed)');
  rmSync(stamp, { force: true });
  const { problem, stoppedBy, took } = await runNpm();
  if (stoppedBy) {
    say('installation interrupted; the next start begins it again');
    return { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[stoppedBy];
  }
  const why = problem || (existsSync(pinnedNode) ? undefined : 'the pinned Node is missing: are install scripts turned off (npm config get ignore-scripts)?');
  if (why) {
    say(`the installation failed: ${why}. Nothing was started.`);
    say(`Mend the cause (often the network, free disk space, or the owner of ${root}), then run the same command again.`);
    return 1;
  }
  writeFileSync(stamp, wanted());
  say(`installed in ${took}`);
  return 0;
}

/**
 * Makes node_modules agree with package-lock.json, once however many launches ask at the same time.
 * Gives 0, or the exit code to end with; what went wrong has then been said on stderr.
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
  const code = isInstalled() ? 0 : await installLocked(); // the launch that was waited for may have done it
  process.off('exit', release);
  release();
  return code;
}
