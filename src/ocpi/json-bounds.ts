/** What JSON text may hold before anyone parses it (SEC-18). */
export interface JsonBounds {
  depth: number;
  /** In one object. */
  keys: number;
  /** In one list. */
  elements: number;
}
const usualBounds: JsonBounds = { depth: 32, keys: 2_000, elements: 10_000 };

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const openBracket = 0x5b;
const closeBrace = 0x7d;
const closeBracket = 0x5d;

/** What one level of nesting is. */
const list = 1;
const object = 2;
/** An object that is the value of a key `constructor`. */
const constructed = 3;

/**
 * Why JSON text must not be parsed: too deep, too wide, or with a key that reaches for prototypes (SEC-19); undefined when
 * it may be. One pass without recursion; text that is no JSON at all is left for the parser to refuse.
 */
export function jsonBoundsProblem(text: string, bounds: JsonBounds = usualBounds): string | undefined {
  const counts = new Uint32Array(bounds.depth + 1);
  const kinds = new Uint8Array(bounds.depth + 1);
  let depth = 0;
  let opens = object;
  // a name can be hidden in escapes only where there are any
  const lengths = text.includes('\\') ? longestName : 'constructor'.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== quote && code !== comma && code < openBracket) continue;
    if (code === quote) {
      const end = endOfString(text, at + 1);
      const length = end - at - 1;
      if (kinds[depth] !== list && length >= '__proto__'.length && length <= lengths && isKey(text, end + 1)) {
        const key = keyText(text, at, end);
        if (key === '__proto__' || (key === 'prototype' && kinds[depth] === constructed)) return `a key ${key}`;
        opens = key === 'constructor' ? constructed : object;
      }
      at = end;
    } else if (code === comma) {
      const count = (counts[depth] ?? 0) + 1;
      counts[depth] = count;
      opens = object;
      if (depth > 0 && count > (kinds[depth] === list ? bounds.elements : bounds.keys)) return tooWide(kinds[depth] === list, bounds);
    } else if (code === openBrace || code === openBracket) {
      if (depth === bounds.depth) return `more than ${bounds.depth} levels`;
      depth++;
      counts[depth] = 1;
      kinds[depth] = code === openBracket ? list : opens;
      opens = object;
    } else if ((code === closeBrace || code === closeBracket) && depth > 0) depth--;
  }
  return undefined;
}

const tooWide = (isList: boolean, { elements, keys }: JsonBounds) => (isList ? `a list of more than ${elements}` : `an object of more than ${keys} keys`);

/** Where the quote stands that ends a string; the end of the text when there is none. */
function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    at += code === backslash ? 2 : 1;
  }
  return text.length;
}

function isKey(text: string, from: number): boolean {
  let at = from;
  while (text.charCodeAt(at) <= 0x20) at++;
  return text.charCodeAt(at) === colon;
}

/** Each character of the longest name that matters, written as an escape. */
const longestName = '\\u0063'.length * 'constructor'.length;

/** The key between two quotes, its escapes undone. */
function keyText(text: string, from: number, to: number): string {
  const key = text.slice(from + 1, to);
  return key.includes('\\') ? decoded(`"${key}"`) : key;
}

function decoded(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return '';
  }
}
