import type { ComponentChildren } from 'preact';
import type { Listed } from '../data/api-types.ts';
import { type RefreshOptions, useResource } from '../data/resource.ts';
import { setQuery, useRoute } from '../data/route.ts';
import { text } from '../text/text.ts';
import { Card, Empty, Loaded, Page } from './page.tsx';
import { Pager } from './pager.tsx';
import { type Column, SaveCsv, Table } from './table.tsx';

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
}

/** A page with a list that the node pages. Filters and position are in the address. */
export function ListPage<T>({ title, path, columns, idOf, filterNames = [], filters, empty, refreshOn, everySeconds }: ListPageProps<T>) {
  const { query } = useRoute();
  const before = query.get('before');
  const values = Object.fromEntries(filterNames.map((it) => [it, query.get(it) ?? undefined]));
  const list = useResource<Listed<T>>(
    path,
    { ...values, limit: 50, before: before ?? undefined },
    before === null ? { ...(refreshOn && { refreshOn }), ...(everySeconds !== undefined && { everySeconds }) } : {},
  );
  const items = list.value?.items ?? [];
  const filtered = Object.values(values).some((it) => it !== undefined);
  const clear = () => setQuery(Object.fromEntries([...filterNames, 'before'].map((it) => [it, undefined])));
  return (
    <Page title={title}>
      <Card title={text().list.newestFirst(title)} actions={<SaveCsv name={title} columns={columns} rows={items} />}>
        {filters && <div class="row filters">{filters}</div>}
        <Loaded of={list}>
          {({ next }) => (
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
                <Empty what={before === null ? text().list.noEntries : text().list.noOlder}>{empty}</Empty>
              )}
              <Pager before={before} next={next} />
            </>
          )}
        </Loaded>
      </Card>
    </Page>
  );
}
