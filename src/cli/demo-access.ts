import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where a demo says how its node is reached, and with which key; for other commands of the same user on this machine. */
export interface DemoAccess {
  url: string;
  key: string;
}

/** One file for each user; nobody else can read it. */
export const demoAccessFile = (): string => join(tmpdir(), `evenkeel-demo-${userInfo().uid}.json`);

/** Leaves word of a demo; takes the place of what an earlier demo of the same user left. */
export function writeDemoAccess(door: DemoAccess, file: string = demoAccessFile()): void {
  const draft = `${file}.${process.pid}`;
  rmSync(draft, { force: true });
  // `wx` opens nothing that is there already, so no link of somebody else's is followed.
  writeFileSync(draft, `${JSON.stringify({ url: door.url, key: door.key })}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
}

/** What the demo of this user left; undefined when there is none, or when another user may have had a hand in the file. */
export function readDemoAccess(file: string = demoAccessFile()): DemoAccess | undefined {
  let opened: number;
  try {
    opened = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch {
    return undefined; // no demo runs
  }
  try {
    return isOurs(fstatSync(opened)) ? doorOf(readFileSync(opened, 'utf8')) : undefined;
  } finally {
    closeSync(opened);
  }
}

/** Takes the word back, if it is still this demo's own. */
export function removeDemoAccess(door: DemoAccess, file: string = demoAccessFile()): void {
  if (readDemoAccess(file)?.key === door.key && lstatSync(file, { throwIfNoEntry: false })) rmSync(file, { force: true });
}

const isOurs = (stat: { isFile(): boolean; uid: number; mode: number }) =>
  stat.isFile() && (process.platform === 'win32' || (stat.uid === userInfo().uid && (stat.mode & 0o077) === 0));

function doorOf(text: string): DemoAccess | undefined {
  try {
    const { url, key }: Record<string, unknown> = Object(JSON.parse(text));
    return typeof url === 'string' && typeof key === 'string' ? { url, key } : undefined;
  } catch {
    return undefined; // half a file tells nothing
  }
}
