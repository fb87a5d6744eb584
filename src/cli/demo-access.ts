import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Address and API key of a running demo, for other commands of the same user on this machine. */
export interface DemoAccess {
  url: string;
  key: string;
}

/** Beginning and end of the names of the files of this user's demos; between them is the id of the demo's process. */
const nameParts = () => ({ prefix: `evenkeel-demo-${userInfo().uid}-`, suffix: '.json' });

/** Path of the file with the access to the demo of this process; only this user can read the file. Each demo has a file of its own. */
export function demoAccessFile(): string {
  const { prefix, suffix } = nameParts();
  return join(tmpdir(), `${prefix}${process.pid}${suffix}`);
}

/** The demos of this user that run now, the newest first. A file whose process has ended is of a demo that was killed, and is ignored. */
export function runningDemos(folder: string = tmpdir()): readonly DemoAccess[] {
  const { prefix, suffix } = nameParts();
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith(suffix) && isRunning(Number(name.slice(prefix.length, -suffix.length))))
    .flatMap((name) => {
      const file = join(folder, name);
      const access = readDemoAccess(file);
      const since = lstatSync(file, { throwIfNoEntry: false })?.mtimeMs;
      return access && since !== undefined ? [{ access, since }] : [];
    })
    .toSorted((one, other) => other.since - one.since)
    .map(({ access }) => access);
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // no such process, or one of another user
  }
}

/** Writes the file; replaces a file of the same name. */
export function writeDemoAccess(access: DemoAccess, file: string = demoAccessFile()): void {
  const draft = `${file}.${process.pid}`;
  rmSync(draft, { force: true });
  // `wx` fails when the path exists, so it does not follow a link that another user made.
  writeFileSync(draft, `${JSON.stringify({ url: access.url, key: access.key })}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
}

/** Reads the file; undefined when there is none, or when another user could have written it. */
export function readDemoAccess(file: string = demoAccessFile()): DemoAccess | undefined {
  let opened: number;
  try {
    opened = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch {
    return undefined; // no demo is running
  }
  try {
    return isOurs(fstatSync(opened)) ? parseAccess(readFileSync(opened, 'utf8')) : undefined;
  } finally {
    closeSync(opened);
  }
}

/** Deletes the file, unless another demo has replaced it. */
export function removeDemoAccess(access: DemoAccess, file: string = demoAccessFile()): void {
  if (readDemoAccess(file)?.key === access.key && lstatSync(file, { throwIfNoEntry: false })) rmSync(file, { force: true });
}

const isOurs = (stat: { isFile(): boolean; uid: number; mode: number }) =>
  stat.isFile() && (process.platform === 'win32' || (stat.uid === userInfo().uid && (stat.mode & 0o077) === 0));

function parseAccess(text: string): DemoAccess | undefined {
  try {
    const { url, key }: Record<string, unknown> = Object(JSON.parse(text));
    return typeof url === 'string' && typeof key === 'string' ? { url, key } : undefined;
  } catch {
    return undefined; // not JSON
  }
}
