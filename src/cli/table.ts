import { readEnvironment } from '../node/config/config.ts';
import { printable } from './output.ts';
import { terminal } from './terminal.ts';

/** One column of a table. A column that `shrinks` is cut when the terminal is too narrow. */
export interface Column<T> {
  title: string;
  text(row: T): string;
  align?: 'right';
  shrinks?: true;
}

/** A title line and one line for each row, at most `width` characters each if the shrinking columns allow it. Shows no control characters. */
export function renderTable<T>(columns: readonly Column<T>[], rows: readonly T[], width: number = terminalWidth()): string[] {
  const cells = rows.map((row) => columns.map((column) => printable(column.text(row))));
  const natural = columns.map((column, n) => Math.max(column.title.length, ...cells.map((row) => row[n]?.length ?? 0)));
  const widths = shrunk(columns, natural, width);
  const renderRow = (row: readonly string[]) =>
    row
      .map((text, n) => fitCell(text, widths[n] ?? 0, columns[n]?.align))
      .join('  ')
      .trimEnd();
  return [bold(renderRow(columns.map((it) => it.title))), ...cells.map(renderRow)];
}

/** Cuts columns that shrink, the last one first, until the row fits or each is as narrow as its title. */
function shrunk<T>(columns: readonly Column<T>[], natural: readonly number[], width: number): readonly number[] {
  let excess = natural.reduce((sum, it) => sum + it, 0) + 2 * (columns.length - 1) - width;
  const narrow = (it: number, n: number) => {
    const column = columns[natural.length - 1 - n];
    const cut = column?.shrinks && excess > 0 ? Math.min(excess, it - column.title.length) : 0;
    excess -= cut;
    return it - cut;
  };
  return natural.toReversed().map(narrow).toReversed();
}

/** A line that is not longer than the terminal is wide. */
export const cutLine = (line: string): string => fitCell(line, terminalWidth(), undefined).trimEnd();

function fitCell(text: string, width: number, align: 'right' | undefined): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return align === 'right' ? cut.padStart(width) : cut.padEnd(width);
}

/** Width of the terminal in characters; 80 when the output is no terminal. */
export function terminalWidth(): number {
  const { isTTY = false, columns = 0 } = terminal().stdout;
  return isTTY && columns > 0 ? columns : 80;
}
/** Plain text when the output is no terminal, or when NO_COLOR is set (https://no-color.org). */
const bold = (text: string) => (terminal().stdout.isTTY && !readEnvironment(terminal().env).noColor ? `\u001b[1m${text}\u001b[22m` : text);

/** Prints lines on standard output. */
export const printLines = (lines: readonly string[]): void => void terminal().stdout.write(lines.map((line) => `${line}\n`).join(''));
