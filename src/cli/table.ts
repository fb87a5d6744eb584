import { readEnvironment } from '../node/config/config.ts';

/** One column: its title, how wide it may be, and which side its text leans to. `elastic`: it gives way when the terminal is narrow. */
export interface Column<T> {
  title: string;
  text(row: T): string;
  align?: 'right';
  shrinks?: true;
}

/** Rows in columns that fit `width` characters; never a control character of somebody else's in the terminal. */
export function renderTable<T>(columns: readonly Column<T>[], rows: readonly T[], width: number = terminalWidth()): string[] {
  const cells = rows.map((row) => columns.map((column) => printable(column.text(row))));
  const natural = columns.map((column, n) => Math.max(column.title.length, ...cells.map((row) => row[n]?.length ?? 0)));
  const excess = natural.reduce((sum, it) => sum + it, 0) + 2 * (columns.length - 1) - width;
  const widths = natural.map((it, n) => (columns[n]?.shrinks && excess > 0 ? Math.max(columns[n].title.length, it - excess) : it));
  const lay = (row: readonly string[]) =>
    row
      .map((text, n) => fitted(text, widths[n] ?? 0, columns[n]?.align))
      .join('  ')
      .trimEnd();
  return [bold(lay(columns.map((it) => it.title))), ...cells.map(lay)];
}

function fitted(text: string, width: number, lean: 'right' | undefined): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return lean === 'right' ? cut.padStart(width) : cut.padEnd(width);
}

/** Text from elsewhere for a terminal: what would steer it is shown as a dot. */
export const printable = (text: string) => text.replace(/\p{Cc}|\p{Cf}/gu, '·');
export const terminalWidth = (): number => (process.stdout.isTTY && process.stdout.columns > 0 ? process.stdout.columns : 80);
/** Nothing but text where nobody looks, or where colours are not wanted (https://no-color.org). */
const bold = (text: string) => (process.stdout.isTTY && !readEnvironment().noColor ? `\u001b[1m${text}\u001b[22m` : text);

export const printLines = (lines: readonly string[]): void => void process.stdout.write(lines.map((line) => `${line}\n`).join(''));
