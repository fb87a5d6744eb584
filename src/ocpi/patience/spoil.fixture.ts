type Path = readonly (string | number)[];
/** One way to spoil a value; undefined: it does not apply. `ABSENT` removes the field. */
type Spoiler = (value: unknown) => unknown;

/** What a spoiler returns to remove a field. */
export const ABSENT = Symbol('absent');

/** All ways to spoil one field, by name. */
export const spoilers: Readonly<Record<string, Spoiler>> = {
  longer: (value) => (typeof value === 'string' ? value + 'x'.repeat(300) : undefined),
  'other type': (value) => (typeof value === 'object' ? 'text' : { found: true }),
  null: () => null,
  'unknown word': (value) => (typeof value === 'string' ? 'SOMETHING_ELSE' : typeof value === 'object' ? undefined : 'much'),
  missing: () => ABSENT,
  'wrong case': (value) =>
    typeof value === 'string' && /[a-z]/i.test(value) ? (value === value.toLowerCase() ? value.toUpperCase() : value.toLowerCase()) : undefined,
  'number as text': (value) => (typeof value === 'number' ? String(value) : undefined),
  'text as number': (value) => (typeof value === 'string' ? (Number.isFinite(Number(value)) ? Number(value) : 5) : undefined),
};

/** Every field of a value, at every depth, by its path. */
export function* pathsIn(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  for (const [step, inner] of entries) yield* pathsIn(inner, [...path, step]);
}

/** The value at a path. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((it, step) => (typeof it === 'object' && it !== null ? Reflect.get(it, step) : undefined), value);

/** A copy of a value with one field replaced, or removed when `to` is ABSENT. */
export function changed(value: unknown, [step, ...rest]: Path, to: unknown): unknown {
  if (step === undefined) return to;
  if (Array.isArray(value)) return value.flatMap((it, n) => (n !== step ? [it] : rest.length === 0 && to === ABSENT ? [] : [changed(it, rest, to)]));
  const entries = Object.entries(value ?? {}).map(([name, it]) => [name, name === step ? changed(it, rest, to) : it]);
  return Object.fromEntries(entries.filter(([, it]) => it !== ABSENT));
}

/** Example: `charging_periods[0].dimensions`. */
export const printed = (path: Path): string => path.map((it, n) => (typeof it === 'number' ? `[${it}]` : n === 0 ? it : `.${it}`)).join('');
