import type { Tone } from '../data/chart-model.ts';

const variableOf = (tone: Tone) => `--tone-${/^t\d$/.test(tone) ? tone.slice(1) : tone}`;

/** The colours of the current theme, for drawings that CSS does not reach. */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    tone: (tone: Tone) => read(variableOf(tone)),
    ink: read('--ink'),
    soft: read('--soft'),
    line: read('--line'),
    surface: read('--surface'),
    planned: read('--sunken'),
  };
}
/** The colours that a drawing uses. */
export type Colours = ReturnType<typeof colours>;
