import type { ComponentChildren } from 'preact';
import { useRoute } from '../data/route.ts';
import { type RefreshOptions, useResource } from '../data/resource.ts';
import type { Listed } from '../data/api-types.ts';
import { Card, Empty, Loaded, Page } from './page.tsx';
import { Pager } from './pager.tsx';
import { type Column, Table, SaveCsv } from './table.tsx';

interface ListPageProps<T> {
  title: string;
  /** Below /api/v1. */
  path: string;
  columns: readonly Column<T>[];
  idOf(row: T): string;
  /** Words of the address that narrow the list. */
  filterNames?: readonly string[];
  filters?: ComponentChildren;
  empty: ComponentChildren;
  refreshOn?: NonNullable<RefreshOptions['refreshOn']>;
  actions?: ComponentChildren;
}

/** A page with a list that the node pages; what narrows it and where one is stand in the address. */
export function ListPage<T>({ title, path, columns, idOf, filterNames = [], filters, empty, refreshOn, actions }: ListPageProps<T>) {
  const { query } = useRoute();
  const before = query.get('before');
  const narrowed = Object.fromEntries(filterNames.map((it) => [it, query.get(it) ?? undefined]));
  const list = useResource<Listed<T>>(path, { ...narrowed, limit: 50, before: before ?? undefined }, refreshOn && before === null ? { refreshOn } : {});
  const items = list.value?.items ?? [];
  const filtered = Object.values(narrowed).some((it) => it !== undefined);
  return (
    <Page title={title} actions={actions}>
      <Card title={`${title}, newest first`} actions={<SaveCsv name={title} columns={columns} rows={items} />}>
        {filters && <div class="row filters">{filters}</div>}
        <Loaded of={list}>
          {({ next }) => (
            <>
              {items.length > 0 ? (
                <Table name={title} columns={columns} rows={items} idOf={idOf} />
              ) : (
                <Empty what={filtered ? 'Nothing fits' : before === null ? 'Nothing yet' : 'Nothing on this page'}>
                  {filtered ? 'Take a filter away, or ask for older ones.' : empty}
                </Empty>
              )}
              <Pager before={before} next={next} />
            </>
          )}
        </Loaded>
      </Card>
    </Page>
  );
}
