import type { ComponentChildren } from 'preact';
import type { Listed } from '../data/api-types.ts';
import { type RefreshOptions, useResource } from '../data/resource.ts';
import { setQuery, useRoute } from '../data/route.ts';
import { text } from '../text/text.ts';
import { Card, Empty, Loaded, Page } from './page.tsx';
import { Pager } from './pager.tsx';
import { SavedViews } from './saved-views.tsx';
import { type Column, CsvLink, SaveCsv, Table } from './table.tsx';

interface ListPageProps<T> {
  title: string;
  /** Below /api/v1. */
  path: string;
  columns: readonly Column<T>[];
  idOf(row: T): string;
  /** Names of query parameters that filter the list; the same in the address of the page and in the request. */
  filterNames?: readonly string[];
  filters?: ComponentChildren;
  empty: ComponentChildren;
  refreshOn?: NonNullable<RefreshOptions['refreshOn']>;
  /** Also requests the first page again after so many seconds, for entries that come without an event. */
  everySeconds?: number;
  /** The path of the CSV file of all that matches; without it, the rows that are shown are saved. */
  csvPath?: string;
  /** The list has saved views. */
  hasViews?: boolean;
}

/** Names of query parameters that say where in the list the page is. */
const POSITIONS = ['before', 'after'];
/** Names of query parameters that say how the list is sorted. */
const ORDER = ['sort', 'order'];

/** A page with a list that the node pages. Filters and position are in the address. */
export function ListPage<T>({
  title,
  path,
  columns,
  idOf,
  filterNames = [],
  filters,
  empty,
  refreshOn,
  everySeconds,
  csvPath,
  hasViews = false,
}: ListPageProps<T>) {
  const { query } = useRoute();
  const position = query.get('before') ?? query.get('after');
  const valuesOf = (names: readonly string[]) => Object.fromEntries(names.map((it) => [it, query.get(it) ?? undefined]));
  const values = valuesOf(filterNames);
  const sortNames = columns.some((it) => it.sort !== undefined) ? ORDER : [];
  const selection = { ...values, ...valuesOf(sortNames) };
  const list = useResource<Listed<T>>(
    path,
    { ...selection, limit: 50, ...valuesOf(POSITIONS) },
    position === null ? { ...(refreshOn && { refreshOn }), ...(everySeconds !== undefined && { everySeconds }) } : {},
  );
  const items = list.value?.items ?? [];
  const filtered = Object.values(values).some((it) => it !== undefined);
  const clear = () => setQuery(Object.fromEntries([...filterNames, ...POSITIONS].map((it) => [it, undefined])));
  return (
    <Page title={title}>
      <Card
        title={query.has('sort') ? title : text().list.newestFirst(title)}
        actions={csvPath === undefined ? <SaveCsv name={title} columns={columns} rows={items} /> : <CsvLink name={title} path={csvPath} query={selection} />}
      >
        {hasViews && <SavedViews list={path} query={selection} />}
        {filters && <div class="row filters">{filters}</div>}
        <Loaded of={list}>
          {({ next, next_after }) => (
            <>
              {items.length > 0 ? (
                <Table name={title} columns={columns} rows={items} idOf={idOf} />
              ) : filtered ? (
                <Empty what={text().list.noMatches}>
                  <button type="button" class="button slim" onClick={clear}>
                    {text().list.clearFilters}
                  </button>
                </Empty>
              ) : (
                <Empty what={position === null ? text().list.noEntries : text().list.noOlder}>{empty}</Empty>
              )}
              <Pager position={position} {...(next !== undefined && { next })} {...(next_after !== undefined && { next_after })} />
            </>
          )}
        </Loaded>
      </Card>
    </Page>
  );
}
