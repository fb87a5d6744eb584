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
  const from = (path: string) => resolve(folder, path);
  const each = (paths: string | string[]) => (Array.isArray(paths) ? paths.map(from) : from(paths));
  const ca = (tls: { ca?: string }) => (tls.ca === undefined ? {} : { ca: from(tls.ca) });
  const { database, key_file, site_limits, listen, ocpp, console } = config;
  const keyFile = key_file ?? (isPostgres(database) ? keyFileFor(database) : undefined);
  const ownTls = listen.tls && { cert: from(listen.tls.cert), key: from(listen.tls.key), ...ca(listen.tls) };
  const stationTls = ocpp?.tls && { cert: each(ocpp.tls.cert), key: each(ocpp.tls.key), ...ca(ocpp.tls) };
  return {
    ...config,
    database: isFile(database) ? from(database) : database,
    ...(keyFile !== undefined && { key_file: from(keyFile) }),
    ...(site_limits !== undefined && { site_limits: from(site_limits) }),
    listen: { ...listen, ...(ownTls && { tls: ownTls }) },
    ...(ocpp && { ocpp: { ...ocpp, ...(stationTls && { tls: stationTls }) } }),
    ...(console && { console: { ...console, ...(console.files !== undefined && { files: from(console.files) }) } }),
  };
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
