/** A string or a number in the text of a frame, with the keys and indexes that lead to it; a number stands between `start` and `end`. */
export interface Scanned {
  path: readonly (string | number)[];
  start: number;
  end: number;
  isString: boolean;
}

/** Values below more containers than this are skipped: no transaction id of OCPP lies deeper. */
const DEEPEST = 3;

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const isDigit = (code: number) => code >= 48 && code <= 57;
/** The characters of a JSON number: digits, and `+ - . E e`. */
const isInNumber = (code: number) => isDigit(code) || code === 43 || code === MINUS || code === 46 || code === 69 || code === 101;

/**
 * Visits the strings and numbers of a JSON text without reading it into values, in one pass and without recursion, so that deep nesting
 * harms nothing. A text that is not JSON gives any visits; the caller checks it.
 */
export function scanFrame(text: string, visit: (scanned: Scanned) => void): void {
  const path: (string | number)[] = [];
  const isObject: boolean[] = [];
  let depth = 0;
  let awaitsKey = false;
  const isTracked = () => depth >= 1 && depth <= DEEPEST;
  const visitValue = (start: number, end: number, isString: boolean) => {
    if (isTracked()) visit({ path: path.slice(0, depth), start, end, isString });
  };
  const open = (object: boolean) => {
    depth += 1;
    if (!isTracked()) return;
    isObject[depth - 1] = object;
    path[depth - 1] = object ? '' : 0;
    awaitsKey = object;
  };
  const next = () => {
    if (!isTracked()) return;
    const at = path[depth - 1];
    if (isObject[depth - 1]) awaitsKey = true;
    else if (typeof at === 'number') path[depth - 1] = at + 1;
  };
  const string = (start: number, end: number) => {
    if (!isTracked() || !awaitsKey) return visitValue(start, end, true);
    path[depth - 1] = textIn(text.slice(start, end));
    awaitsKey = false;
  };
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    const start = at;
    at = endOfToken(text, at, code);
    if (code === QUOTE) string(start, at);
    else if (code === OPEN_OBJECT || code === OPEN_LIST) open(code === OPEN_OBJECT);
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      depth -= 1;
      awaitsKey = false;
    } else if (code === COMMA) next();
    else if (code === MINUS || isDigit(code)) visitValue(start, at, false);
  }
}

function endOfToken(text: string, start: number, code: number): number {
  let at = start + 1;
  if (code === QUOTE) {
    for (; at < text.length; at += 1) {
      const inside = text.charCodeAt(at);
      if (inside === BACKSLASH) at += 1;
      else if (inside === QUOTE) return at + 1;
    }
  } else if (code === MINUS || isDigit(code)) while (at < text.length && isInNumber(text.charCodeAt(at))) at += 1;
  return Math.min(at, text.length);
}

/** The text of a JSON string without its quotes and escapes. */
export function textIn(token: string): string {
  if (!token.includes('\\')) return token.slice(1, -1);
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}
