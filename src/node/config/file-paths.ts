import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isPostgres, keyFileFor, vaultFileFor } from '../../store/open.ts';
import { IN_MEMORY } from '../../store/sqlite.ts';
import type { Config } from './config.ts';

/**
 * The configuration with all paths absolute, counted from `folder` (F-72): the same file gives the same database and keys, whatever the
 * working directory is.
 */
export function withPathsFrom(folder: string, config: Config): Config {
  const copy = structuredClone(config);
  makeAbsolute(copy, [], folder);
  if (isFile(copy.database)) copy.database = resolve(folder, copy.database);
  else if (isPostgres(copy.database)) copy.key_file ??= resolve(folder, keyFileFor(copy.database));
  return copy;
}

/** Makes the paths in a part of a configuration absolute; `above`: the keys that lead to it. */
function makeAbsolute(part: object, above: readonly string[], folder: string): void {
  for (const [key, value] of Object.entries(part)) {
    const keys = Array.isArray(part) ? above : [...above, key];
    if (typeof value === 'object' && value !== null) makeAbsolute(value, keys, folder);
    else if (typeof value === 'string' && namesFile(keys)) Reflect.set(part, key, resolve(folder, value));
  }
}

/** Whether the value of a key is a path; new settings for files follow these names. */
function namesFile(keys: readonly string[]): boolean {
  const [last = '', parent = ''] = keys.toReversed();
  if (keys.join('.') === 'site_limits' || keys.join('.') === 'console.files' || last.endsWith('_file')) return true;
  return (parent === 'tls' || parent === 'mqtt') && ['ca', 'cert', 'key'].includes(last);
}

/**
 * Files of a node that earlier releases looked for in the working directory. Found there only, they are named: a node that made new ones
 * in the folder of the configuration could not read its data. Each is a key with what is wrong.
 */
export function strayFiles(folder: string, { database, key_file }: Config): readonly string[] {
  const keyFile = key_file ?? (isPostgres(database) ? keyFileFor(database) : undefined);
  const named = [
    ['database', isFile(database) ? database : undefined, database],
    ['key_file', keyFile, keyFile],
    ['key_file', keyFile, keyFile && vaultFileFor(keyFile)],
  ] as const;
  const stray = named.flatMap(([key, written, path]) => {
    if (written === undefined || path === undefined) return [];
    const [here, there] = [resolve(path), resolve(folder, path)];
    if (here === there || !existsSync(here) || existsSync(there)) return [];
    return [`${key}: found ${here} and no ${there}. Paths count from the folder of this file: write ${key}: ${resolve(written)}, or move the file there`];
  });
  return stray;
}

const isFile = (database: string) => !isPostgres(database) && database !== IN_MEMORY;
