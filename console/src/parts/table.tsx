import type { ComponentChildren } from 'preact';
import { csv } from '../data/csv.ts';
import { fileName, saveFile } from '../data/save-file.ts';
import { text } from '../text/text.ts';

/** A column of a table: its name, the content of a cell, and its plain value in a CSV file. */
export interface Column<T> {
  name: string;
  show(row: T): ComponentChildren;
  plain?(row: T): string | number | undefined;
  right?: boolean;
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
            <th key={it.name} scope="col" class={it.right ? 'right' : undefined}>
              {it.name}
            </th>
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
