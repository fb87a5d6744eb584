import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDemoAccess, removeDemoAccess, writeDemoAccess } from './demo-access.ts';

const door = { url: 'http://127.0.0.1:8081', key: 'evk_secret' };
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-door-'));
  file = join(folder, 'door.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the word that a demo leaves', () => {
  test('is read by the same user, and by nobody else', () => {
    writeDemoAccess(door, file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readDemoAccess(file)).toEqual(door);
    expect(readdirSync(folder)).toEqual(['door.json']);
  });

  test('takes the place of an older one, and goes with its own demo only', () => {
    writeDemoAccess({ ...door, key: 'evk_older' }, file);
    writeDemoAccess(door, file);
    removeDemoAccess({ ...door, key: 'evk_older' }, file);
    expect(readDemoAccess(file)).toEqual(door);
    removeDemoAccess(door, file);
    expect(readDemoAccess(file)).toBeUndefined();
    removeDemoAccess(door, file);
  });

  test('SEC-36: is not believed when others could have written it, or when it is a link', () => {
    writeDemoAccess(door, file);
    chmodSync(file, 0o646);
    expect(readDemoAccess(file)).toBeUndefined();
    chmodSync(file, 0o600);
    symlinkSync(file, join(folder, 'link.json'));
    expect(readDemoAccess(join(folder, 'link.json'))).toBeUndefined();
    expect(readDemoAccess(folder)).toBeUndefined();
  });

  test('writes through no link that somebody laid in its way', () => {
    const theirs = join(folder, 'theirs');
    writeFileSync(theirs, 'untouched');
    symlinkSync(theirs, file);
    writeDemoAccess(door, file);
    expect(readDemoAccess(file)).toEqual(door);
    expect(statSync(theirs).size).toBe('untouched'.length);
  });

  test.each(['', '{', '[]', 'null', '{"url":"http://x"}', '{"url":1,"key":"x"}'])('%j tells nothing', (text) => {
    writeFileSync(file, text, { mode: 0o600 });
    expect(readDemoAccess(file)).toBeUndefined();
  });
});
