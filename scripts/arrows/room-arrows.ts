/** One file with the files that it imports, as dependency-cruiser lists it. */
export interface CruisedModule {
  source: string;
  dependencies: readonly { resolved: string }[];
}

const isTest = (file: string) => /[.](test|fixture)[.]tsx?$/.test(file);

/** The room of a file: `src/node/cpo`, `src/domain`, `sim`, `console`; undefined for a test, and for a file outside our own code. */
export function roomOf(file: string): string | undefined {
  if (isTest(file)) return undefined;
  const [first = '', second = '', third = '', fourth] = file.split('/');
  if (first === 'sim' || first === 'console') return first;
  if (first !== 'src') return undefined;
  return second === 'node' && fourth !== undefined ? `src/node/${third}` : `src/${second}`;
}

/** Which rooms each room imports, both in alphabetical order; a room that imports no other has an empty list. */
export function roomArrows(modules: readonly CruisedModule[]): readonly (readonly [room: string, others: readonly string[]])[] {
  const arrows = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    const from = roomOf(source);
    if (from === undefined) continue;
    const others = arrows.get(from) ?? new Set();
    arrows.set(from, others);
    for (const { resolved } of dependencies) {
      const to = roomOf(resolved);
      if (to !== undefined && to !== from) others.add(to);
    }
  }
  return [...arrows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([room, others]) => [room, [...others].sort()] as const);
}
