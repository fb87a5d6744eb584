/** An UPDATE of all rows of a table with a column `seq`. It runs in batches; `pending` is true for rows that it has not changed yet. */
export interface WholeUpdate {
  update: string;
  table: string;
  pending: string;
}

/** One step of a migration: a statement, or an UPDATE of a whole table. */
export type Step = string | WholeUpdate;

/** Steps that are done together: statements of one transaction, or one step that must stand alone. */
type Chunk = { kind: 'statements'; statements: readonly string[] } | { kind: 'index'; sql: string; name: string } | { kind: 'update'; update: WholeUpdate };

const INDEX = /^CREATE (?:UNIQUE )?INDEX (\w+) ON (\w+)/;
const TABLE = /^CREATE TABLE (\w+)/;

/**
 * Cuts the steps after `afterSteps` into chunks; `from` is the number of the first step in each. With `indexesApart` the index of a
 * table that had rows before this migration is a chunk of its own.
 */
export function inChunks(
  steps: readonly Step[],
  { afterSteps, indexesApart }: { afterSteps: number; indexesApart: boolean },
): { from: number; chunk: Chunk }[] {
  const made = new Set<string | undefined>();
  const chunks: { from: number; chunk: Chunk }[] = [];
  let together: string[] | undefined;
  const alone = (from: number, chunk: Chunk) => {
    together = undefined;
    chunks.push({ from, chunk });
  };
  for (const [from, step] of steps.entries()) {
    if (typeof step === 'string') made.add(TABLE.exec(step)?.[1]);
    if (from < afterSteps) continue;
    if (typeof step !== 'string') {
      alone(from, { kind: 'update', update: step });
      continue;
    }
    const [, name, table] = INDEX.exec(step) ?? [];
    if (indexesApart && name !== undefined && !made.has(table)) {
      alone(from, { kind: 'index', sql: step, name });
      continue;
    }
    if (!together) {
      together = [];
      chunks.push({ from, chunk: { kind: 'statements', statements: together } });
    }
    together.push(step);
  }
  return chunks;
}
