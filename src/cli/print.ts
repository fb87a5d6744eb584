import { printable, printJsonLine } from './output.ts';
import type { Column } from './table.ts';

/** The option of all commands that print data: with it JSON, and without it text for people. */
export const JSON_OPTION = ['--json', 'print JSON for scripts, one object per line'] as const;

/** The value of JSON_OPTION. */
export interface OutputOptions {
  json?: boolean;
}

/** Prints a list: a table, or `none` when it is empty; with `json` one line of JSON for each item. */
export async function printList<T>(
  items: readonly T[],
  { json }: OutputOptions,
  { columns, none }: { columns: readonly Column<T>[]; none: string },
): Promise<void> {
  if (json) return items.forEach(printJsonLine);
  const { renderTable, printLines } = await import('./table.ts');
  return printLines(items.length === 0 ? [none] : renderTable(columns, items));
}

/** Prints one object: a line for each field that has a value; with `json` one line of JSON. */
export async function printObject(value: object, { json }: OutputOptions): Promise<void> {
  if (json) return printJsonLine(value);
  const { printLines } = await import('./table.ts');
  return printLines(factLines(factsOf(value)));
}

/** The fields of an object as names and texts; fields of an object inside it are `outer.inner`. */
export const factsOf = (value: object, outer = ''): (readonly [name: string, text: string])[] =>
  Object.entries(value).flatMap(([name, field]) => {
    if (field === undefined || field === null) return [];
    return isObject(field) ? factsOf(field, `${outer}${name}.`) : [[`${outer}${name}`, valueText(field)] as const];
  });

/** One line for each name and text, with the texts in one column. */
export function factLines(facts: readonly (readonly [name: string, text: string])[]): string[] {
  const width = Math.max(0, ...facts.map(([name]) => name.length));
  return facts.map(([name, text]) => printable(`${name.padEnd(width)}  ${text}`.trimEnd()));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value on one line, without quotes: `limit: 8, unit: A`; the objects of a list are separated by semicolons. */
export function valueText(value: unknown): string {
  if (isObject(value)) return fieldsText(value);
  if (!Array.isArray(value)) return plainText(value);
  return value.map((it) => (isObject(it) ? fieldsText(it) : plainText(it))).join(value.some(isObject) ? '; ' : ', ');
}

const fieldsText = (value: object): string =>
  Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([name, field]) => `${name}: ${plainText(field)}`)
    .join(', ');

function plainText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plainText).join(', ')}]`;
  return isObject(value) ? `{${fieldsText(value)}}` : String(value);
}
