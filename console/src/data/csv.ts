/** One cell of a CSV file. Text that a spreadsheet would read as a formula gets a leading quote; a comma, quote or line break is quoted (RFC 4180). */
export function cell(value: string | number | undefined): string {
  const text = value === undefined ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The text of a CSV file. */
export const csv = (rows: readonly (readonly (string | number | undefined)[])[]): string => rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
