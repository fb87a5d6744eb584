import type { Row, Store } from '../../src/store/store.ts';
import type { Statement } from './recorded-statements.ts';

/** How a plan reads one table: by which index, and by which condition on its keys; no condition: all rows. */
export interface Access {
  table: string;
  index: string | undefined;
  keys: string | undefined;
  /** The line of the plan. */
  text: string;
}

/** How the store would read each table in a statement. */
export async function accessesOf(store: Store, { name, sql, values }: Statement): Promise<readonly Access[]> {
  const explain = store.kind === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN (FORMAT JSON)';
  const rows = await store.all({ name: `plan of ${name}`, sql: `${explain} ${sql}`, values, read: (row) => row });
  return store.kind === 'sqlite'
    ? rows.flatMap((row) => accessInSqlite(row, aliasesIn(sql)))
    : rows.flatMap((row) => planIn(row).flatMap((node) => accessesInPostgres(node)));
}

/** SQLite shows the alias of a table instead of its name. */
function aliasesIn(sql: string): ReadonlyMap<string, string> {
  return new Map([...sql.matchAll(/\b(?:FROM|JOIN)\s+(\w+)\s+AS\s+(\w+)/gi)].map(([, table = '', alias = '']) => [alias, table]));
}

/** For example `SEARCH push USING INDEX push_failed (session_key=?)` or `SCAN push`. An automatic index is built from all rows. */
function accessInSqlite(row: Row, aliases: ReadonlyMap<string, string>): Access[] {
  const text = String(row.detail);
  const [, how, alias = ''] = /^(SCAN|SEARCH) (\w+)/.exec(text) ?? [];
  if (how === undefined) return [];
  const index = / INDEX (\w+)/.exec(text)?.[1];
  const keys = /\(([^)]*)\)$/.exec(text)?.[1];
  return [
    { table: aliases.get(alias) ?? alias, index, keys: how === 'SEARCH' && !text.includes('AUTOMATIC') ? (keys ?? 'first or last row') : undefined, text },
  ];
}

/** A node of a plan of PostgreSQL, as far as it matters here. */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: readonly PlanNode[];
}
const planIn = (row: Row): PlanNode[] => {
  const plans: readonly { Plan: PlanNode }[] = row['QUERY PLAN'] as never;
  return plans.map(({ Plan }) => Plan);
};

function accessesInPostgres(node: PlanNode, table?: string): Access[] {
  const here = node['Relation Name'] ?? table ?? '';
  const below = (node.Plans ?? []).flatMap((it) => accessesInPostgres(it, node['Node Type'] === 'Bitmap Heap Scan' ? here : undefined));
  if (!/^(Seq|Index|Index Only|Bitmap Index|Sample) Scan$/.test(node['Node Type'])) return below;
  const [index, keys] = [node['Index Name'], node['Index Cond']];
  return [{ table: here, index, keys, text: `${node['Node Type']} on ${here}${index ? ` using ${index}` : ''}${keys ? ` ${keys}` : ''}` }, ...below];
}
