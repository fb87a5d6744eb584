import { ok, type Result } from '../../../domain/result.ts';
import { type CsvColumn, type CsvPage, csvRows } from '../csv.ts';
import type { Refusal } from '../refusal.ts';
import type { CsvRows } from '../route.ts';
import type { SessionRequest } from './list-sessions.ts';
import type { SessionOperations } from './operations.ts';
import type { SessionView } from './schemas.ts';

/** Sessions that are in memory at a time. */
const AT_ONCE = 200;

const COLUMNS: readonly CsvColumn<SessionView>[] = [
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

/** All sessions that match, as rows of a CSV file. */
export async function sessionRows(operations: Pick<SessionOperations, 'selectSessions'>, which: SessionRequest): Promise<Result<CsvRows, Refusal>> {
  const first = await readPage(operations, which);
  return first.ok ? ok(csvRows(COLUMNS, first.value)) : first;
}

async function readPage(operations: Pick<SessionOperations, 'selectSessions'>, which: SessionRequest): ReturnType<NonNullable<CsvPage<SessionView>['rest']>> {
  const read = await operations.selectSessions({ ...which, limit: AT_ONCE });
  if (!read.ok) return read;
  const { items, next: before, next_after: after } = read.value;
  if (before === undefined && after === undefined) return ok({ items });
  return ok({ items, rest: () => readPage(operations, { ...which, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }) });
}
