type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The parts that are there: an absent one leaves no key behind, so that values compare and print as they are. */
export function omitUndefined<T extends object>(parts: T): Defined<T>;
export function omitUndefined(parts: object): object {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}
