/** A command that is typed into the palette, in the words of the command line. What is not typed yet is absent. */
export type Command =
  | { is: 'set'; target: string; limit?: { value: string; unit: 'A' | 'W' }; minutes?: number }
  | { is: 'get' | 'clear' | 'why' | 'halt' | 'resume'; target: string }
  | { is: 'go'; target: string };

/** The words that a command begins with. */
export const VERBS = ['set', 'why', 'get', 'clear', 'halt', 'resume'] as const;
export type Verb = (typeof VERBS)[number];

const LIMIT = /^(\d{1,7}(?:[.,]\d{1,3})?) ?(A|W|kW)\b/i;
const SPAN = /^(?:--)?for (\d{1,6}) ?(s|m|h)\b/i;
const MINUTES: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60 };

/** Reads a command: `set OAK-1 8A for 15m`, `why OAK-1`, `halt NL*SCS`. A text without a verb, or with `go to`, names what to open. */
export function readCommand(text: string): Command {
  const typed = text.trim().replace(/\s+/g, ' ');
  const [, word = '', rest = ''] = /^(\S+)(?: (.*))?$/.exec(typed) ?? [];
  const verb = VERBS.find((it) => it === word.toLowerCase());
  if (verb === undefined) return { is: 'go', target: typed.replace(/^go(?:to| to)? ?/i, '') };
  const [target = '', ...more] = rest.split(' ');
  return verb === 'set' ? { is: 'set', target, ...readLimit(more.join(' ').replace(/^--limit /i, '')) } : { is: verb, target };
}

function readLimit(text: string): { limit?: { value: string; unit: 'A' | 'W' }; minutes?: number } {
  const [whole = '', number, unit = ''] = LIMIT.exec(text) ?? [];
  if (number === undefined) return {};
  const value = Number(number.replace(',', '.'));
  const inWatts = unit.toLowerCase() === 'kw' ? Math.round(value * 1_000) : value;
  const limit = { value: String(inWatts), unit: unit.toLowerCase() === 'a' ? ('A' as const) : ('W' as const) };
  const [, span, of = ''] = SPAN.exec(text.slice(whole.length).trim()) ?? [];
  return span === undefined ? { limit } : { limit, minutes: Math.max(1, Math.round(Number(span) * (MINUTES[of.toLowerCase()] ?? 1))) };
}

/** Verbs that begin with what is typed, while only one word is typed. */
export const verbsFor = (text: string): readonly Verb[] => (/^\S*$/.test(text) ? VERBS.filter((it) => it.startsWith(text.toLowerCase()) && it !== text) : []);

/** The query that opens the form of a command filled in. */
export function queryOf(command: Command): Readonly<Record<string, string>> {
  if (command.is === 'why' || command.is === 'go') return {};
  if (command.is !== 'set') return { act: command.is };
  const { limit, minutes } = command;
  return { act: 'set', ...(limit && { limit: limit.value, unit: limit.unit }), ...(minutes !== undefined && { minutes: String(minutes) }) };
}
