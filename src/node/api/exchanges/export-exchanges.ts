import { ok, type Result } from '../../../domain/result.ts';
import { type CsvColumn, type CsvPage, csvRows } from '../csv.ts';
import type { Refusal } from '../refusal.ts';
import type { CsvRows } from '../route.ts';
import type { ExchangeOperations } from './operations.ts';
import type { ExchangeView } from './schemas.ts';

/** Exchanges that are in memory at a time. */
const AT_ONCE = 500;

const COLUMNS: readonly CsvColumn<ExchangeView>[] = [
  ['accepted', (it) => it.accepted_at],
  ['kind', (it) => it.kind],
  ['side', (it) => it.side],
  ['peer', (it) => it.peer],
  ['station', (it) => it.station],
  ['answer', (it) => it.answer],
  ['status_message', (it) => it.status_message],
  ['state', (it) => it.state],
  ['outcome', (it) => it.outcome],
  ['result', (it) => it.result],
  ['delivery', (it) => it.delivery],
  ['reason', (it) => it.reason],
  ['sent', (it) => it.sent_at],
  ['ended', (it) => it.ended_at],
  ['session', (it) => it.session],
  ['exchange', (it) => it.id],
  ['request_id', (it) => it.request_id],
  ['correlation_id', (it) => it.correlation_id],
];

type Operations = Pick<ExchangeOperations, 'exchanges'>;
type Which = NonNullable<Parameters<ExchangeOperations['exchanges']>[0]>;

/** All exchanges that match, as rows of a CSV file. */
export async function exchangeRows(operations: Operations, which: Which): Promise<Result<CsvRows, Refusal>> {
  const first = await readPage(operations, which);
  return first.ok ? ok(csvRows(COLUMNS, first.value)) : first;
}

async function readPage(operations: Operations, which: Which): ReturnType<NonNullable<CsvPage<ExchangeView>['rest']>> {
  const read = await operations.exchanges({ ...which, limit: AT_ONCE });
  if (!read.ok) return read;
  const { items, next: before } = read.value;
  return ok(before === undefined ? { items } : { items, rest: () => readPage(operations, { ...which, before }) });
}
