import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

/** A .cpuprofile file as Node writes it (Chrome DevTools Protocol, Profiler.Profile). */
interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

/** A CPU profile as text: share of the busy time by package or folder, then by function (without the functions that it calls). */
export function summarizeProfile(folder: string): string {
  const { functions, modules } = readProfile(folder);
  const lines = [...modules.slice(0, 12), ...functions.slice(0, 25)].map(([name, part]) => `  ${(part * 100).toFixed(1).padStart(5)} %  ${name}`);
  return [`profile of ${basename(folder)}`, ...lines].join('\n');
}

function readProfile(folder: string): { functions: [string, number][]; modules: [string, number][] } {
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  const profile: CpuProfile = JSON.parse(readFileSync(join(folder, file ?? ''), 'utf8'));
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const modules = new Map<string, number>();
  let busy = 0;
  for (const [n, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    const time = profile.timeDeltas[n] ?? 0;
    if (!frame || frame.functionName === '(idle)') continue;
    busy += time;
    const path = pathOf(frame.url);
    add(functions, `${frame.functionName || 'anonymous'} ${path}${frame.url ? `:${frame.lineNumber + 1}` : ''}`, time);
    add(modules, moduleOf(path) || frame.functionName, time);
  }
  const sorted = (times: Map<string, number>): [string, number][] =>
    [...times].map(([name, time]): [string, number] => [name, time / busy]).sort(([, a], [, b]) => b - a);
  return { functions: sorted(functions), modules: sorted(modules) };
}

const add = (times: Map<string, number>, name: string, time: number) => times.set(name, (times.get(name) ?? 0) + time);
/** Relative to the checkout. */
const pathOf = (url: string): string => (url.startsWith('file://') ? relative(join(import.meta.dirname, '..'), new URL(url).pathname) : url);

/** A package, a folder of src/, or `node` for its own modules. */
function moduleOf(path: string): string {
  const [, packageName] = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  if (packageName !== undefined) return packageName;
  if (path.startsWith('src/')) return path.split('/').slice(0, 2).join('/');
  return path.startsWith('node:') ? 'node' : path;
}
