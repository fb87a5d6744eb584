/** Words that mean the same as a word of the standard, folded. They are read only where the standard has the word on the right. */
const SAME: ReadonlyMap<string, string> = new Map([
  ['amp', 'A'],
  ['amps', 'A'],
  ['ampere', 'A'],
  ['amperes', 'A'],
  ['current', 'A'],
  ['watt', 'W'],
  ['watts', 'W'],
  ['power', 'W'],
  ['none', 'NoError'],
  ['rfid', 'ISO14443'],
  ['error', 'Faulted'],
  ['fault', 'Faulted'],
  ['outoforder', 'Faulted'],
  ['outofservice', 'Unavailable'],
  ['inoperative', 'Unavailable'],
  ['idle', 'Available'],
]);

/** A word without capitals, spaces and signs: `Suspended_EVSE` and `suspendedevse` are the same word. */
export const foldWord = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]/g, '');

/** The allowed word that a text means, and how it differs; undefined: none. */
export function meantWord(text: string, allowed: readonly string[]): { word: string; by: 'exact' | 'case' | 'name' } | undefined {
  if (allowed.includes(text)) return { word: text, by: 'exact' };
  const folded = foldWord(text);
  const word = allowed.find((it) => foldWord(it) === folded);
  if (word !== undefined) return { word, by: 'case' };
  const same = SAME.get(folded);
  return same !== undefined && allowed.includes(same) ? { word: same, by: 'name' } : undefined;
}
