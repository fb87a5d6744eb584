import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Address and API key of a running demo, for other commands of the same user on this machine. */
export interface DemoAccess {
  url: string;
  key: string;
}

/** Path of the file with the access to this user's demo; only this user can read the file. */
export const demoAccessFile = (): string => join(tmpdir(), `evenkeel-demo-${userInfo().uid}.json`);

/** Writes the file; replaces the file of an earlier demo of the same user. */
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

/** Deletes the file, unless a newer demo has replaced it. */
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
