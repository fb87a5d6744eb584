/** One row of docs/requirements.md. */
export interface Requirement {
  /** Such as `CP-20`. */
  id: string;
  /** The part before the dash, such as `CP`. */
  group: string;
  /** As the page has it, such as `MUST NOT` or `SHOULD, MAY`. */
  levels: string;
  level: Level;
  says: string;
  /** Where the row stands on the page, counted from 1. */
  line: number;
}

/** What is wrong with a row of the page. */
export interface WrongRow {
  id: string;
  line: number;
  says: string;
}

/** How strict a row is; a row of two levels counts as the stricter one. */
export type Level = 'MUST' | 'SHOULD' | 'MAY' | 'derived';

const WORDS: ReadonlyMap<string, Level> = new Map([
  ['MUST', 'MUST'],
  ['MUST NOT', 'MUST'],
  ['SHOULD', 'SHOULD'],
  ['SHOULD NOT', 'SHOULD'],
  ['MAY', 'MAY'],
  ['derived', 'derived'],
]);
const STRICTEST_FIRST: readonly Level[] = ['MUST', 'SHOULD', 'MAY', 'derived'];
const CELLS = 5;

/** The requirements of the page in their order, and the rows that are none. */
export function readRequirements(page: string): { requirements: Requirement[]; wrong: WrongRow[] } {
  const requirements: Requirement[] = [];
  const wrong: WrongRow[] = [];
  const seen = new Set<string>();
  for (const [at, text] of page.split('\n').entries()) {
    const line = at + 1;
    const [, id, group] = /^\| (([A-Z]{1,4})-\d{2}) \|/.exec(text) ?? [];
    if (id === undefined || group === undefined) continue;
    const [, levels = '', , says = ''] = text.slice(2, -2).split(' | ');
    const level = strictest(levels);
    if (seen.has(id)) wrong.push({ id, line, says: 'has two rows' });
    else if (level === undefined) wrong.push({ id, line, says: `has the level "${levels}", known are ${[...WORDS.keys()].join(', ')}` });
    else if (text.split(' | ').length !== CELLS) wrong.push({ id, line, says: 'has not the five cells id, level, binds, requirement, source' });
    else requirements.push({ id, group, levels, level, says, line });
    seen.add(id);
  }
  return { requirements, wrong };
}

function strictest(levels: string): Level | undefined {
  const known = levels.split(', ').map((word) => WORDS.get(word));
  return known.includes(undefined) ? undefined : STRICTEST_FIRST.find((level) => known.includes(level));
}
