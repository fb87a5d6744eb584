import { readFileSync } from 'node:fs';

/** How many files and sockets this process may have open at once; undefined where the system does not say (only Linux does). */
function openFileLimit(): number | undefined {
  let limits: string;
  try {
    limits = readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return undefined; // another system: no bound is known
  }
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits) ?? [];
  return soft === undefined ? undefined : Number(soft);
}

/** A bound on sockets that leaves half of the open files to everything else: stations, peers, the store. */
export function boundedByOpenFiles(wanted: number): number {
  const limit = openFileLimit();
  return limit === undefined ? wanted : Math.max(10, Math.min(wanted, Math.floor(limit / 2)));
}
