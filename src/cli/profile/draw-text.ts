import type { EpochSeconds } from '../../domain/units.ts';
import { printable } from '../output.ts';
import { formatTime, limitTicks, type Tick, timeLabel, timeTicks, unitLabel } from './axis.ts';
import type { Drawing } from './drawing.ts';

const ROWS = 8;
/** Longer lists of steps are cut; the plot shows all steps. */
const MAX_STEP_LINES = 48;

/** A drawing as lines of at most `width` characters: the limits as an area, then one line for each step. */
export function drawText(drawing: Drawing, width: number): string[] {
  const ticks = limitTicks(drawing, 4);
  const margin = Math.max(...ticks.map(({ label }) => label.length)) + 2;
  const columns = Math.max(20, width - margin - 2);
  const heights = heightsOf(drawing, columns, ticks.at(-1)?.at ?? 1);
  const rows = Array.from({ length: ROWS }, (_, n) => ROWS - 1 - n).map(
    (row) => `${labelOf(row, ticks).padStart(margin - 1)} │${heights.map((height) => cell(height, row)).join('')}`,
  );
  return [
    printable(`${drawing.title}; ${unitLabel(drawing)}`),
    ...rows,
    `${'0'.padStart(margin - 1)} └${'─'.repeat(columns)}`,
    `${' '.repeat(margin)} ${timeLine(drawing, columns)}`,
    '',
    ...stepLines(drawing),
  ].map((line) => line.trimEnd());
}

/** The lowest limit of each column, in eighths of a row; undefined where there is no limit. */
function heightsOf({ from, to, steps }: Drawing, columns: number, top: number): (number | undefined)[] {
  const heights = new Array<number | undefined>(columns).fill(undefined);
  const columnOf = (at: number) => ((at - from) / (to - from)) * columns;
  for (const step of steps) {
    const height = Math.round((step.limit / top) * ROWS * 8);
    for (let n = Math.floor(columnOf(step.from)); n < Math.min(columns, Math.ceil(columnOf(step.to))); n++) heights[n] = Math.min(heights[n] ?? height, height);
  }
  return heights;
}

const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const cell = (height: number | undefined, row: number) => (height === undefined ? '·' : (EIGHTHS[Math.max(0, Math.min(8, height - row * 8))] ?? ' '));

/** The label of the tick at the top edge of a row, or an empty text. */
function labelOf(row: number, ticks: readonly Tick[]): string {
  const top = ticks.at(-1)?.at ?? 1;
  return ticks.find(({ at }) => at > 0 && Math.round((at / top) * ROWS) === row + 1)?.label ?? '';
}

function timeLine(drawing: Drawing, columns: number): string {
  const { from, to } = drawing;
  const axisLabel = timeLabel(drawing);
  let line = '';
  for (const { at, label } of timeTicks(drawing, 6)) {
    const column = Math.round(((at - from) / (to - from)) * columns);
    if (column >= line.length && column + label.length + axisLabel.length + 2 <= columns) line = `${line.padEnd(column)}${label}  `;
  }
  return `${line.padEnd(columns - axisLabel.length)}${axisLabel}`;
}

function stepLines(drawing: Drawing): string[] {
  const { from, to, steps, unit, isEndless } = drawing;
  const lines: StepText[] = [];
  let until = from;
  for (const step of steps) {
    if (step.from > until) lines.push({ at: until, text: 'no limit' });
    lines.push({ at: step.from, text: `${step.limit} ${unit}` });
    until = step.to;
  }
  if (until < to) lines.push({ at: until, text: 'no limit' });
  const end = { at: to, text: isEndless ? 'and so on' : 'end' };
  const shown = lines.length > MAX_STEP_LINES ? lines.slice(0, MAX_STEP_LINES) : lines;
  const hidden = lines.length - shown.length;
  return [...shown.map((line) => formatStep(line, drawing)), ...(hidden > 0 ? [`… ${hidden} more`] : []), formatStep(end, drawing)];
}

interface StepText {
  at: EpochSeconds;
  text: string;
}
const formatStep = ({ at, text }: StepText, drawing: Drawing) => `${formatTime(at, drawing)}  ${text}`;
