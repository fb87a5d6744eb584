import { describe, expect, test } from 'vitest';
import * as accessDe from './de/access.ts';
import { de } from './de.ts';
import * as accessEn from './en/access.ts';
import { en } from './en.ts';
import * as accessNl from './nl/access.ts';
import { nl } from './nl.ts';
import { counting } from './plural.ts';
import { languageFor } from './text.ts';

/** Every text of a language by its path. A function gets its parameters as `<1>`, or numbers where it counts. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    const parameters = Array.from({ length: value.length }, (_, n) => (/counted|\+ 1/.test(String(value)) ? n + 2 : `<${n + 1}>`));
    const said: unknown = Reflect.apply(value, undefined, parameters);
    return [[path, Array.isArray(said) ? said.join('') : String(said)]];
  }
  return Object.entries(Object(value)).flatMap(([key, it]) => textsOf(it, `${path}.${key}`));
}

const LANGUAGES = { nl: { ...nl, ...accessNl }, de: { ...de, ...accessDe } };
const english = new Map(textsOf({ ...en, ...accessEn }));

/** Words that are the same in English and Dutch or German: names, units, standards, and words that the languages share. */
const SAME = new Set([
  'set OAK-1 8A for 15m',
  'Ctrl K',
  'Station',

  ...['Evenkeel', '<1> · Evenkeel', 'OCPI', 'OCPP', 'URL', 'DC', 'EVSE <1> · <2>', 'Token', 'Token (TOKEN_A)', 'X-Request-ID', 'X-Correlation-ID', 'Esc', 'ID'],
  ...[
    '15 min',
    '1 h',
    '6 h',
    'min',
    'min:',
    '<1> / min',
    '<1>, connector <2>',
    '<1>. <2>',
    '<1>?',
    '<1> s',
    '<1>: <2>',
    'EVSE',
    'https://ocpi.example.com/ocpi/versions',
  ],
  ...['<1>, <2>: <3>', 'Live', 'Auto', 'Menu', 'Status', 'Name', 'Planner', 'Model', 'Firmware', 'Module', 'Modules', 'Contract'],
  ...[
    'online',
    'offline',
    'node',
    'operator',
    'credentials',
    'Endpoints',
    'later',
    'Meter',
    'Tokens',
    'Type',
    'Claims',
    'open',
    'OCPI 2, 3 endpoints.',
    'Stack levels',
  ],
]);

describe.each(Object.entries(LANGUAGES))('CON-T02: the texts in %s', (_, texts) => {
  const translated = new Map(textsOf(texts));

  test('are complete: the same texts as in English, and none is empty', () => {
    expect([...translated.keys()]).toEqual([...english.keys()]);
    expect([...translated].filter(([, it]) => it.trim() === '')).toEqual([]);
  });

  test('are translated: none is the English one, except names, units and words that the languages share', () => {
    expect([...translated].filter(([path, it]) => english.get(path) === it && !SAME.has(it))).toEqual([]);
  });

  test('show each value that the English text shows, and end in the same way', () => {
    const valuesIn = (it = '') => (it.match(/<\d>|\d+/g) ?? []).sort();
    const end = (it = '') => /[.:?…]?$/.exec(it.trim())?.[0];
    expect([...translated].filter(([path, it]) => valuesIn(it).join() !== valuesIn(english.get(path)).join())).toEqual([]);
    expect([...translated].filter(([path, it]) => end(it) !== end(english.get(path)))).toEqual([]);
  });
});

test('every word that may be the same is one that is', () => {
  const same = Object.values(LANGUAGES).flatMap((texts) => textsOf(texts).filter(([path, it]) => english.get(path) === it));
  expect([...SAME].filter((word) => !same.some(([, it]) => it === word))).toEqual([]);
});

test.each([
  [null, ['de-AT', 'en'], 'de'],
  [null, ['fr-FR', 'nl'], 'nl'],
  [null, ['fr'], 'en'],
  ['nl', ['de'], 'nl'],
  ['constructor', ['de'], 'de'],
] as const)('CON-T02: with the choice %s and the languages %j of the browser the page is in %s', (choice, preferred, language) =>
  expect(languageFor(choice, preferred)).toBe(language),
);

test('a count has the form of its number, and digits as the language groups them', () => {
  const forms = { one: 'Standort', other: 'Standorte' };
  expect([counting('de')(1, forms), counting('de')(0, forms), counting('de')(12_345, forms)]).toEqual(['1 Standort', '0 Standorte', '12.345 Standorte']);
});
