import type { EvidenceView } from '../node/api/evidence/columns.ts';

/** Text that begins so may be taken for a formula by spreadsheet programs. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(String(value)) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Evidence as CSV (RFC 4180): lines with `#` for the header, one line with the names of the columns, and one for each row. */
export function evidenceCsv({ header, rows }: EvidenceView): string {
  const { subject, gaps, columns } = header;
  const comments = [
    `evidence of the ${subject.kind} ${subject.name}, from ${header.from} to ${header.to}, all times in UTC`,
    `node ${header.node}, version ${header.version}, parties ${header.parties.join(' ')}, generated at ${header.generated_at}`,
    `sessions: ${subject.sessions.join(' ') || 'none'}`,
    ...header.sources.map((it) => `source: ${it}`),
    ...(gaps.length === 0 ? ['gaps: none'] : gaps.map((it) => `gap: from ${it.from} to ${it.to}: ${it.what}${it.session ? ` of ${it.session}` : ''}`)),
    ...columns.map(({ name, meaning }) => `column ${name}: ${meaning}`),
  ];
  const names = columns.map(({ name }) => name);
  const lines = rows.map((row) => {
    const values = new Map<string, unknown>(Object.entries(row));
    return names.map((name) => cell(values.get(name))).join(',');
  });
  return `${[...comments.map((it) => `# ${it.replaceAll(/[\r\n]+/g, ' ')}`), names.join(','), ...lines].join('\r\n')}\r\n`;
}
