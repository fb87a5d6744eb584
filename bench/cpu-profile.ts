import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

/** The functions of a CPU profile that took most time themselves, in hundredths of the time that was not idle; and the same by package or folder. */
export function summarizeProfile(folder: string): string {
  const { functions, places } = readProfile(folder);
  const lines = [...places.slice(0, 12), ...functions.slice(0, 25)].map(([name, part]) => `  ${(part * 100).toFixed(1).padStart(5)} %  ${name}`);
  return [`profile of ${basename(folder)}`, ...lines].join('\n');
}

function readProfile(folder: string): { functions: [string, number][]; places: [string, number][] } {
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  const profile: CpuProfile = JSON.parse(readFileSync(join(folder, file ?? ''), 'utf8'));
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const places = new Map<string, number>();
  let busy = 0;
  for (const [n, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    const time = profile.timeDeltas[n] ?? 0;
    if (!frame || frame.functionName === '(idle)') continue;
    busy += time;
    const place = placeOf(frame.url);
    add(functions, `${frame.functionName || 'anonymous'} ${place}${frame.url ? `:${frame.lineNumber + 1}` : ''}`, time);
    add(
      places,
      /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(place)?.[1] ??
        (place.startsWith('src/') ? place.split('/').slice(0, 2).join('/') : place.startsWith('node:') ? 'node' : place || frame.functionName),
      time,
    );
  }
  const sorted = (map: Map<string, number>): [string, number][] =>
    [...map].map(([name, time]): [string, number] => [name, time / busy]).sort(([, a], [, b]) => b - a);
  return { functions: sorted(functions), places: sorted(places) };
}

const add = (map: Map<string, number>, name: string, time: number) => map.set(name, (map.get(name) ?? 0) + time);
const placeOf = (url: string): string => (url.startsWith('file://') ? relative(join(import.meta.dirname, '..'), new URL(url).pathname) : url);
