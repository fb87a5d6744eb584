import { describe, expect, test } from 'vitest';
import { type MeterPaths, readMeterMessage } from './read-meter-message.ts';

const read = (message: unknown, paths: MeterPaths) => {
  const value = readMeterMessage(typeof message === 'string' ? message : JSON.stringify(message), paths);
  return value.ok ? value.value : value.problem;
};

describe('the message of a meter', () => {
  test('has its values at paths of keys, with or without $ and brackets', () => {
    expect(read({ l: [1, '-2.5', ' 3 '] }, { a: ['l.0', '$.l[1]', 'l[2]'] })).toEqual({ a: [1, -2.5, 3] });
    expect(read({ p: { total: 900 } }, { w: '$.p.total' })).toEqual({ w: 900 });
    expect(read({ 'power-W': 900, kw: '0.345' }, { kw: 'kw' })).toEqual({ w: 345 });
    expect(read('17.5', { w: '$' })).toEqual({ w: 17.5 });
  });
  test.each([
    ['{', { w: 'p' }, 'found "{", allowed is a JSON message'],
    [{ p: null }, { w: 'p' }, 'p: found null, allowed is a number from -1000000000 to 1000000000'],
    [{ p: 'NaN' }, { w: 'p' }, 'p: found "NaN", allowed is a number from -1000000000 to 1000000000'],
    [{ p: 1e12 }, { kw: 'p' }, 'p: found 1000000000000, allowed is a number from -1000000 to 1000000'],
    [{ l: [1] }, { a: ['l.0', 'l.1', 'l.2'] }, 'l.1: found nothing, allowed is a number from -100000 to 100000'],
    [{}, { w: 'constructor.length' }, 'constructor.length: found nothing, allowed is a number from -1000000000 to 1000000000'],
  ] satisfies [unknown, MeterPaths, string][])('that cannot be read changes nothing: %j', (message, paths, problem) =>
    expect(read(message, paths)).toBe(problem),
  );
});
