/** A payload with one spoiled field. */
export interface Spoiled {
  /** The field, with the index of list elements left out: `meterValue.sampledValue.value`. */
  path: string;
  how: Spoiling;
  payload: unknown;
}

/** A way to spoil a value: the new value, or undefined when it does not apply. */
type Spoiler = (value: unknown) => { to: unknown } | undefined;

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumeric = (value: unknown): value is string => isText(value) && value !== '' && Number.isFinite(Number(value));
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const spoilers = {
  longer: (value) => (isText(value) ? { to: value.padEnd(300, 'x') } : undefined),
  'other type': (value) => ({ to: isObject(value) ? 7 : { odd: true } }),
  'a list': (value) => (Array.isArray(value) ? undefined : { to: [value] }),
  'no list': (value) => (Array.isArray(value) && value.length === 1 ? { to: value[0] } : undefined),
  'empty list': (value) => (Array.isArray(value) ? { to: [] } : undefined),
  null: () => ({ to: null }),
  empty: (value) => (isText(value) ? { to: '' } : undefined),
  'unknown word': (value) => (isObject(value) ? undefined : { to: 'Zwxy' }),
  'upper case': (value) => (isText(value) && value !== value.toUpperCase() ? { to: value.toUpperCase() } : undefined),
  'lower case': (value) => (isText(value) && value !== value.toLowerCase() ? { to: value.toLowerCase() } : undefined),
  'number as text': (value) => (typeof value === 'number' || typeof value === 'boolean' ? { to: String(value) } : undefined),
  'text as number': (value) => (isNumeric(value) ? { to: Number(value) } : undefined),
  fraction: (value) => (typeof value === 'number' && Number.isInteger(value) ? { to: value + 0.04 } : undefined),
} as const satisfies Record<string, Spoiler>;

/** What is done to a field. */
export type Spoiling = keyof typeof spoilers | 'missing' | 'extra field' | 'name in other case';

interface Place {
  path: string;
  keys: readonly (string | number)[];
  value: unknown;
}

/** Every field of a payload and every element of its lists, outermost first. */
function placesIn(value: unknown, keys: Place['keys'] = []): Place[] {
  const path = keys.filter(isText).join('.');
  const own: Place[] = keys.length === 0 ? [] : [{ path, keys, value }];
  if (Array.isArray(value)) return [...own, ...value.flatMap((it: unknown, index) => placesIn(it, [...keys, index]))];
  if (!isObject(value)) return own;
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...keys, key]))];
}

/** A copy of a payload in which `change` has changed the field at the end of `keys`. */
function changed(payload: object, keys: Place['keys'], change: (holder: object, key: string | number) => void): unknown {
  const copy = structuredClone(payload);
  change(holderIn(copy, keys), keys.at(-1) ?? '');
  return copy;
}

function holderIn(value: object, [key, ...rest]: Place['keys']): object {
  const inner: unknown = key === undefined || rest.length === 0 ? value : Reflect.get(value, key);
  return inner !== value && isObject(inner) ? holderIn(inner, rest) : value;
}

/** A payload, once with each of its fields spoiled in each way that applies. */
export function* spoiled(payload: object): Generator<Spoiled> {
  for (const { path, keys, value } of placesIn(payload)) {
    for (const [how, spoiler] of Object.entries(spoilers)) {
      const spoilt = spoiler(value);
      if (spoilt) yield { path, how: how as Spoiling, payload: changed(payload, keys, (holder, key) => void Reflect.set(holder, key, spoilt.to)) };
    }
    if (typeof keys.at(-1) === 'number') continue;
    yield { path, how: 'missing', payload: changed(payload, keys, (holder, key) => void Reflect.deleteProperty(holder, key)) };
    yield { path, how: 'extra field', payload: changed(payload, keys, (holder) => void Object.assign(holder, { vendorOwn: 'x' })) };
    yield { path, how: 'name in other case', payload: changed(payload, keys, renamed) };
  }
}

function renamed(holder: object, key: string | number): void {
  const value: unknown = Reflect.get(holder, key);
  Reflect.deleteProperty(holder, key);
  Reflect.set(holder, String(key).toUpperCase(), value);
}
