import type { Tone } from '../data/chart-model.ts';

const variableOf = (tone: Tone) => `--tone-${/^t\d$/.test(tone) ? tone.slice(1) : tone}`;

/** Colours as the page has them now, for what is drawn without CSS. */
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
export type Colours = ReturnType<typeof colours>;
