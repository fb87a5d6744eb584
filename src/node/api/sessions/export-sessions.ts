import { ok, type Result } from '../../../domain/result.ts';
import type { CsvValue } from '../csv.ts';
import type { Refusal } from '../refusal.ts';
import type { CsvRows } from '../route.ts';
import type { SessionPage, SessionRequest } from './list-sessions.ts';
import type { SessionOperations } from './operations.ts';
import type { SessionView } from './schemas.ts';

/** Sessions that are in memory at a time. */
const AT_ONCE = 200;

const COLUMNS: readonly [name: string, value: (it: SessionView) => CsvValue][] = [
  ['evse', (it) => it.session.evse_uid],
  ['card', (it) => it.session.cdr_token?.uid],
  ['status', (it) => it.session.status],
  ['station', (it) => it.station],
  ['peer', (it) => it.peer],
  ['location', (it) => it.session.location_id],
  ['power_w', (it) => it.power],
  ['limit', (it) => it.limit?.limit],
  ['limit_unit', (it) => it.limit?.unit],
  ['limit_origin', (it) => it.limit?.origin.name],
  ['limit_until', (it) => it.limit?.until],
  ['limit_unknown_since', (it) => it.limit_unknown_since],
  ['limited_by', (it) => it.limited_by?.cause],
  ['limited_by_name', (it) => it.limited_by?.name],
  ['profiles_of', (it) => it.inputs.map(({ by }) => by).join(' ')],
  ['deviates', (it) => it.deviation?.how ?? (it.metered_above_limit ? 'above-limit' : undefined)],
  ['stale_since', (it) => it.stale_since],
  ['energy_kwh', (it) => it.session.kwh],
  ['start', (it) => it.session.start_date_time],
  ['end', (it) => it.session.end_date_time],
  ['session', (it) => it.key],
];

/** All sessions that match, page by page, as rows of a CSV file. A wrong request is refused before the file begins. */
export async function sessionRows(
  { selectSessions: sessions }: Pick<SessionOperations, 'selectSessions'>,
  which: SessionRequest,
): Promise<Result<CsvRows, Refusal>> {
  const first = await sessions({ ...which, limit: AT_ONCE });
  return first.ok ? ok(rowsFrom(first.value, (at) => sessions({ ...which, ...at, limit: AT_ONCE }))) : first;
}

type NextPage = (at: { before?: number; after?: string }) => Promise<Result<SessionPage, Refusal>>;

async function* rowsFrom(first: SessionPage, nextPage: NextPage): AsyncGenerator<readonly (readonly CsvValue[])[]> {
  yield [COLUMNS.map(([name]) => name)];
  for (let page = first; ; ) {
    yield page.items.map((it) => COLUMNS.map(([, value]) => value(it)));
    const { next, next_after: after } = page;
    if (next === undefined && after === undefined) return;
    const read = await nextPage({ ...(next !== undefined && { before: next }), ...(after !== undefined && { after }) });
    if (!read.ok) throw new Error(`a page of the file was refused: ${read.problem.message}`);
    page = read.value;
  }
}
