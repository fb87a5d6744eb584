/** A cell that a spreadsheet would take for a formula gets a leading quote; one with a comma, quote or line break is quoted (RFC 4180). */
export function cell(value: string | number | undefined): string {
  const text = value === undefined ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows of a table as a CSV file's text. */
export const csv = (rows: readonly (readonly (string | number | undefined)[])[]): string => rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
