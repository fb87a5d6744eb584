import type { ComponentChildren } from 'preact';
import { urlOf } from '../data/api-client.ts';
import { csv } from '../data/csv.ts';
import { setQuery, useRoute } from '../data/route.ts';
import { fileName, saveFile } from '../data/save-file.ts';
import { text } from '../text/text.ts';

/** A column of a table: its name, the content of a cell, and its plain value in a CSV file. */
export interface Column<T> {
  name: string;
  show(row: T): ComponentChildren;
  plain?(row: T): string | number | undefined;
  right?: boolean;
  /** The node can sort the list by this name. */
  sort?: string;
}

interface TableProps<T> {
  name: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  idOf(row: T): string;
}

/** A table. On a narrow screen each row becomes a list of names and values. */
export function Table<T>({ name, columns, rows, idOf }: TableProps<T>) {
  return (
    <table class="rows">
      <caption class="hidden">{name}</caption>
      <thead>
        <tr>
          {columns.map((it) => (
            <ColumnHead key={it.name} of={it} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={idOf(row)}>
            {columns.map((it) => (
              <td key={it.name} data-name={it.name} class={it.right ? 'right number' : undefined}>
                <div>{it.show(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const OPPOSITE = { ascending: 'desc', descending: 'asc' } as const;

/** The head of a column. One that the node can sort by is a button; a second press turns the order round, a third ends it. */
function ColumnHead<T>({ of: { name, right, sort } }: { of: Column<T> }) {
  const { query } = useRoute();
  const usual = sort === 'name' ? 'asc' : 'desc';
  const order = query.get('order') ?? usual;
  const sorted = sort !== undefined && query.get('sort') === sort ? (order === 'asc' ? 'ascending' : 'descending') : undefined;
  const next = sorted === undefined ? { sort, order: undefined } : order === usual ? { order: OPPOSITE[sorted] } : { sort: undefined, order: undefined };
  return (
    <th scope="col" class={right ? 'right' : undefined} aria-sort={sorted}>
      {sort === undefined ? (
        name
      ) : (
        <button type="button" class="sort" onClick={() => setQuery({ ...next, before: undefined, after: undefined })}>
          {name}
          <span aria-hidden="true">{sorted === undefined ? ' ↕' : sorted === 'ascending' ? ' ↑' : ' ↓'}</span>
        </button>
      )}
    </th>
  );
}

/** A button that saves the rows of a table as a CSV file. */
export function SaveCsv<T>({ name, columns, rows }: Pick<TableProps<T>, 'name' | 'columns' | 'rows'>) {
  const plain = columns.filter((it) => it.plain !== undefined);
  const save = () => {
    const lines = [plain.map((it) => it.name), ...rows.map((row) => plain.map((it) => it.plain?.(row)))];
    saveFile(fileName(name, 'csv'), new Blob([csv(lines)], { type: 'text/csv;charset=utf-8' }));
  };
  return (
    <button type="button" class="button slim" onClick={save} disabled={rows.length === 0} aria-label={text().list.saveCsv(name)}>
      CSV
    </button>
  );
}

/** A link to the CSV file of all that matches, which the node writes. */
export const CsvLink = ({ name, path, query }: { name: string; path: string; query: Readonly<Record<string, string | undefined>> }) => (
  <a class="button slim" href={urlOf(path, query)} download aria-label={text().list.saveAllCsv(name)}>
    CSV
  </a>
);
