import { fail, ok, type Result } from '../../domain/result.ts';
import { CliError, valueOrThrow } from '../output.ts';
import { printLines, terminalWidth } from '../table.ts';
import { terminal } from '../terminal.ts';
import { drawSvg } from './draw-svg.ts';
import { drawText } from './draw-text.ts';
import { type Drawing, readDrawings } from './drawing.ts';
import { parseJson, readInput, reportWrongLine } from './read-input.ts';

/** Draws the profiles of a file: one JSON document, or one per line. Wrong lines are reported, and the other lines are still drawn; then the command fails. */
export async function draw(file: string | undefined, as: 'text' | 'svg'): Promise<void> {
  const text = await readInput(file);
  const document = parseJson(text);
  const { drawings, wrong } = document.ok ? { drawings: valueOrThrow(readDrawings(document.value)), wrong: 0 } : readLines(text);
  if (as === 'svg') terminal().stdout.write(`${drawSvg(valueOrThrow(single(drawings)))}\n`);
  else printLines(drawings.flatMap((drawing, n) => [...(n > 0 ? [''] : []), ...drawText(drawing, terminalWidth())]));
  if (wrong > 0) throw new CliError([]);
}

function single(drawings: readonly Drawing[]): Result<Drawing> {
  const [drawing] = drawings;
  return drawing && drawings.length === 1
    ? ok(drawing)
    : fail(`found ${drawings.length} profiles, allowed: one for an SVG document; select a line, for example with sed -n 1p`);
}

function readLines(text: string): { drawings: readonly Drawing[]; wrong: number } {
  const lines = text.split('\n');
  if (lines.length < 2) throw new CliError('the input is not JSON, allowed: a profile of OCPI or OCPP in JSON; see evenkeel profile draw --help');
  let wrong = 0;
  const drawings = lines.flatMap((line, n) => {
    if (line.trim() === '') return [];
    const value = parseJson(line);
    const read = value.ok ? readDrawings(value.value) : value;
    if (read.ok) return read.value;
    reportWrongLine(n + 1, read.problem);
    wrong += 1;
    return [];
  });
  return { drawings, wrong };
}
