import type { ComponentChildren } from 'preact';
import { usePlace } from '../data/route.ts';
import { type Freshness, useResource } from '../data/resource.ts';
import type { Listed } from '../data/api-types.ts';
import { Card, Empty, Loaded, Page } from './page.tsx';
import { Pager } from './pager.tsx';
import { type Column, Rows, SaveCsv } from './table.tsx';

interface ListingProps<T> {
  title: string;
  /** Below /api/v1. */
  path: string;
  columns: readonly Column<T>[];
  idOf(row: T): string;
  /** Words of the address that narrow the list. */
  narrows?: readonly string[];
  filters?: ComponentChildren;
  empty: ComponentChildren;
  wake?: NonNullable<Freshness['wake']>;
  actions?: ComponentChildren;
}

/** A page with a list that the node pages; what narrows it and where one is stand in the address. */
export function Listing<T>({ title, path, columns, idOf, narrows = [], filters, empty, wake, actions }: ListingProps<T>) {
  const { query } = usePlace();
  const before = query.get('before');
  const narrowed = Object.fromEntries(narrows.map((it) => [it, query.get(it) ?? undefined]));
  const list = useResource<Listed<T>>(path, { ...narrowed, limit: 50, before: before ?? undefined }, wake && before === null ? { wake } : {});
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
                <Rows name={title} columns={columns} rows={items} idOf={idOf} />
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
