import { expect, test } from 'vitest';
import { type Lock, newPackages, tooYoung } from './new-packages.ts';

const lock = (packages: Lock['packages']): Lock => ({ packages: { '': { version: '0.1.0' }, ...packages } });

test('OPS-D17: only versions that the lock file did not have are looked up, each once, also nested and renamed ones', () => {
  const old = lock({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/@scope/b': { version: '2.0.0' } });
  const now = lock({
    'node_modules/a': { version: '1.0.1' },
    'node_modules/@scope/b': { version: '2.0.0' },
    'node_modules/c/node_modules/@scope/b': { version: '3.0.0' },
    'node_modules/d/node_modules/a': { version: '1.0.1' },
    'node_modules/e': { version: '1.0.0', name: 'f' },
    'node_modules/g': { link: true },
  });
  expect(newPackages(old, now).map(({ name, version }) => `${name}@${version}`)).toEqual(['a@1.0.1', '@scope/b@3.0.0', 'f@1.0.0']);
  expect(newPackages(now, now)).toEqual([]);
});

test.each([
  ['2026-01-24T00:00:00.000Z', undefined],
  ['2026-01-24T00:00:01.000Z', 'a@1.0.1: published 7.0 days ago, allowed: 7 days or more'],
  ['2026-01-30T12:00:00.000Z', 'a@1.0.1: published 0.5 days ago, allowed: 7 days or more'],
  [undefined, 'a@1.0.1: the registry does not say when it was published'],
])('OPS-D17: a version of %s is judged by its age', (published, problem) => {
  expect(tooYoung({ name: 'a', version: '1.0.1' }, published, { now: Date.UTC(2026, 0, 31), days: 7 })).toBe(problem);
});
