import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Result } from '../../domain/result.ts';
import type { Refusal } from './refusal.ts';
import type { CsvRows, CsvValue } from './route.ts';

/** One cell. Text that a spreadsheet would read as a formula gets a leading quote; a comma, quote or line break is quoted (RFC 4180). */
function csvCell(value: CsvValue): string {
  const text = value === undefined ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Lines of a CSV file. */
export const csvLines = (rows: readonly (readonly CsvValue[])[]): string => rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');

/** The answer of a route that replies with CSV. */
export function csvRowsOf(value: unknown): CsvRows {
  const rows: CsvRows = Object(value);
  return rows;
}

interface Sending {
  rows: CsvRows;
  /** The name of the file. */
  name: string;
  /** Streams that the stop of the node ends. */
  streams: Set<AbortController>;
}

/** Sends a file while its rows are read: only some rows are in memory. It ends with the connection, and when the node stops. */
export function sendCsv(reply: FastifyReply, { rows, name, streams }: Sending): FastifyReply {
  const ending = new AbortController();
  streams.add(ending);
  const content = Readable.from(linesOf(rows), { signal: ending.signal });
  content.once('close', () => streams.delete(ending));
  return reply
    .header('Content-Type', 'text/csv; charset=utf-8')
    .header('Content-Disposition', `attachment; filename="${name}"`)
    .header('Cache-Control', 'no-store')
    .header('X-Content-Type-Options', 'nosniff')
    .send(content);
}

async function* linesOf(rows: CsvRows): AsyncGenerator<string> {
  for await (const some of rows) yield csvLines(some);
}

/** A column of a CSV file: its name and the value of an item. */
export type CsvColumn<T> = readonly [name: string, value: (item: T) => CsvValue];

/** A page of what a file has; without `rest` it is the last one. */
export interface CsvPage<T> {
  items: readonly T[];
  rest?: () => Promise<Result<CsvPage<T>, Refusal>>;
}

/** Rows of a file that is read page by page. The first page is read before, so that a wrong request is refused as such. */
export async function* csvRows<T>(columns: readonly CsvColumn<T>[], first: CsvPage<T>): AsyncGenerator<readonly (readonly CsvValue[])[]> {
  yield [columns.map(([name]) => name)];
  for (let page = first; ; ) {
    yield page.items.map((it) => columns.map(([, value]) => value(it)));
    const read = await page.rest?.();
    if (!read) return;
    if (!read.ok) throw new Error(`a page of the file was refused: ${read.problem.message}`);
    page = read.value;
  }
}
