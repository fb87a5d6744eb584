import { describe, expect, test } from 'vitest';
import { type Column, renderTable } from './table.ts';

interface Row {
  id: string;
  kwh: number;
}
const columns: Column<Row>[] = [
  { title: 'ID', text: ({ id }) => id, shrinks: true },
  { title: 'KWH', text: ({ kwh }) => kwh.toFixed(1), align: 'right' },
];

describe('a table', () => {
  test('is as wide as its cells', () => {
    const rows = [
      { id: 'short', kwh: 1 },
      { id: 'much longer', kwh: 10.25 },
    ];
    expect(renderTable(columns, rows, 80)).toEqual(['ID            KWH', 'short         1.0', 'much longer  10.3']);
  });

  test('gives way where it may, so that no line is too long', () => {
    const lines = renderTable(columns, [{ id: 'x'.repeat(50), kwh: 1 }], 20);
    expect(lines).toEqual(['ID               KWH', `${'x'.repeat(14)}…  1.0`]);
    expect(Math.max(...lines.map((it) => it.length))).toBe(20);
  });

  test('SEC-24: shows control characters of others as dots', () => {
    expect(renderTable(columns, [{ id: '\u001b[2J\u0007a\u202eb', kwh: 0 }], 80)[1]).toBe('·[2J·a·b  0.0');
  });
});
