import { fail, ok, type Result } from '../../domain/result.ts';
import { CliError, valueOrThrow } from '../output.ts';
import { printLines, terminalWidth } from '../table.ts';
import { drawSvg } from './draw-svg.ts';
import { drawText } from './draw-text.ts';
import { type Drawing, readDrawings } from './drawing.ts';
import { parseJson, readInput, reportWrongLine } from './read-input.ts';

/** Draws what a file holds: one JSON document, or one a line. */
export async function draw(file: string | undefined, as: 'text' | 'svg'): Promise<void> {
  const text = await readInput(file);
  const whole = parseJson(text);
  const drawings = whole.ok ? valueOrThrow(readDrawings(whole.value)) : drawingsByLine(text);
  switch (as) {
    case 'text':
      return printLines(drawings.flatMap((drawing, n) => [...(n > 0 ? [''] : []), ...drawText(drawing, terminalWidth())]));
    case 'svg':
      process.stdout.write(`${drawSvg(valueOrThrow(onlyOne(drawings)))}\n`);
      return;
    default:
      return as satisfies never;
  }
}

function onlyOne(drawings: readonly Drawing[]): Result<Drawing> {
  const [drawing] = drawings;
  return drawing && drawings.length === 1
    ? ok(drawing)
    : fail(`found ${drawings.length} profiles, allowed: one for an SVG document; pick it, such as with: sed -n 1p`);
}

function drawingsByLine(text: string): Drawing[] {
  const lines = text.split('\n');
  if (lines.length < 2) throw new CliError(`found no JSON, allowed: a profile of OCPI or OCPP in JSON; see evenkeel profile draw --help`);
  return lines.flatMap((line, n) => {
    if (line.trim() === '') return [];
    const value = parseJson(line);
    const read = value.ok ? readDrawings(value.value) : value;
    if (!read.ok) reportWrongLine(n + 1, read.problem);
    return read.ok ? read.value : [];
  });
}
