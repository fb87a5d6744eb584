import { periodsOf } from '../../domain/profile/index.ts';
import { readFrom } from '../../domain/profile/read-field.ts';
import { composeCase, readCase } from './case.ts';
import { periodTable } from './period-table.ts';
import { convertLines } from './read-input.ts';
import { type PhaseCount, wiresOf } from './wires.ts';

/** Prints the composite schedule of each case in a file. */
export async function compose(file: string | undefined, options: { phases: PhaseCount; voltage: number; json?: boolean }): Promise<void> {
  const wires = wiresOf(options);
  await convertLines(file, (value) => {
    const read = readFrom(value, readCase);
    if (!read.ok) return read;
    const composed = composeCase(read.value, wires);
    if (!composed.ok) return composed;
    const periods = periodsOf(composed.value, read.value.from);
    if (!options.json) return { ok: true, value: periodTable({ unit: read.value.unit, periods }) };
    return { ok: true, value: JSON.stringify(periods.map(({ start, limit }) => ({ start_period: start, limit }))) };
  });
}
