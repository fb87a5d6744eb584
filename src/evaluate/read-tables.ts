/** The cells of the lines of a CSV text with a heading, by column. Quotes are not special: no column here has commas in it. */
export function readTable(text: string): { line: number; cell: (column: string) => string }[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const columns = (lines[0] ?? '').split(',').map((it) => it.trim());
  return lines.slice(1).flatMap((row, n) => {
    if (row.trim() === '') return [];
    const cells = row.split(',').map((it) => it.trim());
    return [{ line: n + 2, cell: (column: string) => cells[columns.indexOf(column)] ?? '' }];
  });
}

/** The names of the columns of a CSV text. */
export const columnsOf = (text: string): readonly string[] => (text.replace(/^\uFEFF/, '').split(/\r?\n/)[0] ?? '').split(',').map((it) => it.trim());
