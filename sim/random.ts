/** A stream of pseudorandom numbers; the same seed gives the same stream. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** In [low, high). */
  between(low: number, high: number): number;
  /** A whole number from low to high, both included. */
  integer(low: number, high: number): number;
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** Lower-case letters and digits; not secure. */
  text(length: number): string;
  /** An independent stream, so that the use of one does not change the numbers of another. */
  branch(name: string): Random;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Makes a stream from a seed. */
export function seeded(seed: number | string): Random {
  const root = hash(String(seed));
  let state = root;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0; // a Weyl sequence; `mix` scrambles its bits
    return mix(state) / 2 ** 32;
  };
  const integer = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    integer,
    chance: (probability) => next() < probability,
    pick: (from) => from[integer(0, from.length - 1)] ?? from[0],
    text: (length) => Array.from({ length }, () => LETTERS[integer(0, LETTERS.length - 1)]).join(''),
    branch: (name) => seeded(`${root}/${name}`),
  };
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const letter of text) value = mix(value ^ (letter.codePointAt(0) ?? 0));
  return value;
}

function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}
