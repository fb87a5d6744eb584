/** An id that a text cites, and the line where it stands, counted from 1. */
export interface CitedId {
  id: string;
  line: number;
}

/** A numbered section of a page in docs/ that a text cites by the name of the page and the number of the section. */
export interface CitedSection {
  page: string;
  section: string;
  line: number;
}

/**
 * The ids of these groups that a text cites. Ranges (`CP-18…25`, `CP-18–25`, `CP-18..25`, `SES-30 to SES-42`) and short lists
 * (`CP-46/47`) count each id in them. `SHA-256`, `CP-201` and `CP-16-1` are no ids: an id has two digits and stands alone.
 */
export function idsIn(text: string, groups: ReadonlySet<string>): CitedId[] {
  if (groups.size === 0) return [];
  const one = `(?<group>${[...groups].join('|')})-(?<first>\\d{2})(?!\\w|-\\d)`;
  const range = '\\s?(?:…|\\.{2,3}|–)\\s?(?:\\k<group>-)?(?<last>\\d{2})(?!\\w)|\\sto\\s\\k<group>-(?<until>\\d{2})(?!\\w)';
  const pattern = new RegExp(`(?<![\\w*-])${one}(?:${range}|(?<more>(?:/\\d{2}(?!\\w))+))?`, 'g');
  return byLine(text, (line) => [...line.matchAll(pattern)].flatMap(({ groups: found = {} }) => meant(found))).map(({ line, found }) => ({ id: found, line }));
}

function meant({ group, first, last, until, more }: Readonly<Record<string, string | undefined>>): string[] {
  const numbers = [Number(first), ...(more?.split('/').filter(Boolean).map(Number) ?? [])];
  const end = last ?? until;
  return (end === undefined ? numbers : spanOf(Number(first), Number(end))).map((number) => `${group}-${String(number).padStart(2, '0')}`);
}

/** A page by the name of its file in docs/: words with dashes between them, which no chapter of a standard is called. */
const DASHED = '[a-z][a-z0-9]*(?:-[a-z0-9]+)+';

/** The numbered sections that a text cites of these pages, and of any whose name has a dash; `§2 to §5` and `§2, §4` count each. */
export function sectionsIn(text: string, pages: readonly string[]): CitedSection[] {
  const pattern = new RegExp(`(?<![\\w./-])(${[...pages, DASHED].join('|')}) (§\\d[\\d.]*(?:(?:,| and| to|–|…)? ?§\\d[\\d.]*)*)`, 'g');
  const cited = (line: string) => [...line.matchAll(pattern)].flatMap(([, page = '', list = '']) => sectionsOf(list).map((section) => ({ page, section })));
  return byLine(text, cited).map(({ line, found }) => ({ ...found, line }));
}

function sectionsOf(list: string): string[] {
  return [...list.matchAll(/§(\d+(?:\.\d+)*)(?:(?: to |–|…)§(\d+))?/g)].flatMap(([, first = '', last]) =>
    last === undefined || first.includes('.') ? [first] : spanOf(Number(first), Number(last)).map(String),
  );
}

/** The numbers from the first to the last; only these two when the range runs backwards. */
const spanOf = (first: number, last: number): number[] => (last < first ? [first, last] : Array.from({ length: last - first + 1 }, (_, more) => first + more));

const byLine = <T>(text: string, find: (line: string) => T[]): { line: number; found: T }[] =>
  text.split('\n').flatMap((line, at) => find(line).map((found) => ({ line: at + 1, found })));
