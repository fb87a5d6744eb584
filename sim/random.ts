/** A stream of chance that its seed determines: same seed, same day. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  between(low: number, high: number): number;
  /** Both ends may come. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** Letters and digits, for names that need only differ. */
  text(length: number): string;
  /** A stream of its own, so that one actor's draws do not shift another's. */
  branch(name: string): Random;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Makes a stream of chance from a number or a word. */
export function seeded(seed: number | string): Random {
  const root = hash(String(seed));
  let state = root;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0; // a Weyl sequence, its bits mixed below
    return scramble(state) / 2 ** 32;
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
  for (const letter of text) value = scramble(value ^ (letter.codePointAt(0) ?? 0));
  return value;
}

function scramble(word: number): number {
  let bits = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}
