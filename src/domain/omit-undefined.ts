type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The same object without the keys whose value is undefined, so that it compares and serialises like one that never had them. */
export function omitUndefined<T extends object>(parts: T): Defined<T>;
export function omitUndefined(parts: object): object {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}
