import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fold } from '../../domain/ids.ts';
import { epochMillis } from '../../domain/units.ts';
import { editions } from '../editions.ts';
import { problemWith } from '../problem.ts';
import { refusals } from './kinds.ts';
import { readLeniently } from './read-leniently.ts';
import { ABSENT, changed, pathsIn, printed, spoilers, valueAt } from './spoil.fixture.ts';
import { type ValidMessage, validMessages } from './valid-messages.fixture.ts';

const now = epochMillis(Date.UTC(2026, 0, 31, 10));

interface Spoiled {
  /** Such as `kwh: number as text`. */
  what: string;
  field: string;
  served: boolean;
  refusal: string | undefined;
}

/** Every way to spoil one field of a message, and what the node makes of it. */
function* spoiledOf(message: ValidMessage): Generator<Spoiled> {
  const cases = [...pathsIn(message.body)].flatMap((path) =>
    Object.entries(spoilers).map(([name, spoil]) => ({ path, name, to: spoil(valueAt(message.body, path)) })),
  );
  const objects = [...(isObject(message.body) ? [[]] : []), ...[...pathsIn(message.body)].filter((path) => isObject(valueAt(message.body, path)))];
  const extra = objects.map((path) => ({ path: [...path, 'x_unknown'], name: 'extra', to: { of: ['somebody'] } }));
  for (const { path, name, to } of [...cases, ...extra]) {
    if (to === undefined) continue;
    const body = name === 'extra' ? widened(message.body, path, to) : changed(message.body, path, to);
    const field = printed(path);
    const refusal = message.refused.find(([pattern]) => pattern.test(field))?.[1];
    yield { what: `${field}: ${name}`, field, served: isServed(message, body, String(path[0])), refusal };
  }
}
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
const widened = (body: unknown, path: readonly (string | number)[], to: unknown) => {
  const inner = path.slice(0, -1);
  return changed(body, inner, { ...Object(inner.length === 0 ? body : valueAt(body, inner)), x_unknown: to });
};

/** Whether a spoiled message is read, with every other field as it was, and still names the object of its URL. */
function isServed({ schema, body: valid, url, names = {} }: ValidMessage, body: unknown, spoiled: string): boolean {
  const read = readLeniently(schema, body, { now, ...(url && { url }) });
  if (!read.ok) return false;
  const value = Object(read.value.value);
  if (Array.isArray(valid)) return valid.every((it, n) => String(n) === spoiled || JSON.stringify(read.value.value).includes(JSON.stringify(it)));
  const others = Object.entries(valid).filter(([name]) => name !== spoiled);
  const sameName = Object.entries(names).every(([field, parameter]) => fold(String(value[field])) === fold(url?.[parameter] ?? ''));
  return sameName && others.every(([name, it]) => JSON.stringify(value[name]) === JSON.stringify(it));
}

const all = editions.flatMap((edition) => validMessages(edition).map((message) => ({ edition, message, spoiled: [...spoiledOf(message)] })));

describe.each(all)('F-52: $message.name in $edition, with one field spoiled', ({ message, spoiled }) => {
  test('is valid before', () => expect(problemWith(message.schema, message.body)).toBeUndefined());

  test('serves its purpose, or is refused for a reason that is listed', () => {
    expect(spoiled.filter((it) => !it.served && it.refusal === undefined).map(({ what }) => what)).toEqual([]);
  });
});

test('each listed refusal happens', () => {
  const seen = new Set(all.flatMap(({ spoiled }) => spoiled.filter((it) => !it.served).map(({ refusal }) => refusal)));
  expect(Object.keys(refusals).filter((it) => !seen.has(it))).toEqual(['page-query']); // a query is no body; its test is in query.test.ts
});

test('F-52: at least nine of ten spoiled messages are served, as docs/partners.md says', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/partners.md'), 'utf8');
  const counted = (fits: (name: string) => boolean) => {
    const spoiled = all.filter(({ message }) => fits(message.name)).flatMap((it) => it.spoiled);
    const served = spoiled.filter((it) => it.served).length;
    return { served, of: spoiled.length, percent: Math.floor((served / spoiled.length) * 100) };
  };
  const every = counted(() => true);
  const objects = counted((name) => /session|location|EVSE|connector/.test(name));
  expect([every.percent, objects.percent].every((it) => it >= 90)).toBe(true);
  expect(page).toContain(`Of ${every.of} messages with one spoiled field ${every.served} are served (${every.percent} %)`);
  expect(page).toContain(`of ${objects.of} sessions, locations, EVSEs and connectors ${objects.served} (${objects.percent} %)`);
});

test('the spoiler for a missing field removes it', () => expect(changed({ a: 1, b: [1, 2] }, ['b', 0], ABSENT)).toEqual({ a: 1, b: [2] }));
