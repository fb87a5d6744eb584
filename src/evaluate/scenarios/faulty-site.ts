import type { SessionKey } from '../../domain/ids.ts';
import { epochSeconds } from '../../domain/units.ts';
import type { Faults, Scenario } from '../scenario.ts';
import { syntheticScenarios } from './synthetic.ts';

/** A number from 0 to 1 that depends on a text only. */
function chance(text: string): number {
  let mixed = 2_166_136_261;
  for (const letter of text) mixed = Math.imul(mixed ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}

const always = (value: number) => [{ from: epochSeconds(0), to: epochSeconds(1e11), value }];
const some = (key: SessionKey, part: number) => chance(`${key} is chosen`) < part;

const FAULTS: Readonly<Record<string, Faults>> = {
  'nothing wrong': {},
  'a third of the messages is refused (TOO_OFTEN)': { refuses: (key, at) => chance(`${key} ${at}`) < 1 / 3 },
  'a tenth of the sessions refuses every profile (REJECTED)': { rejects: (key) => some(key, 0.1) },
  'a fifth of the cars draws half of its limit': { draws: (key) => (some(key, 0.2) ? 0.5 : 1) },
  'the CPO limits a fifth of the sessions to 8 A': { ceiling: (key) => (some(key, 0.2) ? always(8) : []) },
  'the clock of the site is 60 s late': { late: 60 },
};

/** S7: the synthetic site with one fault at a time. */
export const s7 = (caps: readonly number[]): readonly Scenario[] =>
  syntheticScenarios(caps).flatMap((scenario) =>
    Object.entries(FAULTS).map(([name, faults]) => ({ ...scenario, name: `${scenario.name.replace('synthetic', 'S7')}, ${name}`, faults })),
  );
