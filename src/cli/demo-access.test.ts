import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { demoAccessFile, readDemoAccess, removeDemoAccess, runningDemos, writeDemoAccess } from './demo-access.ts';

const access = { url: 'http://127.0.0.1:8081', key: 'evk_secret' };
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-access-'));
  file = join(folder, 'access.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the access file of a demo', () => {
  test('can be read only by the same user', () => {
    writeDemoAccess(access, file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readDemoAccess(file)).toEqual(access);
    expect(readdirSync(folder)).toEqual(['access.json']);
  });

  test('replaces a file of the same name, and is deleted only by its own demo', () => {
    writeDemoAccess({ ...access, key: 'evk_older' }, file);
    writeDemoAccess(access, file);
    removeDemoAccess({ ...access, key: 'evk_older' }, file);
    expect(readDemoAccess(file)).toEqual(access);
    removeDemoAccess(access, file);
    expect(readDemoAccess(file)).toBeUndefined();
    removeDemoAccess(access, file);
  });

  test('SEC-36: is ignored when others could have written it, and when it is a link', () => {
    writeDemoAccess(access, file);
    chmodSync(file, 0o646);
    expect(readDemoAccess(file)).toBeUndefined();
    chmodSync(file, 0o600);
    symlinkSync(file, join(folder, 'link.json'));
    expect(readDemoAccess(join(folder, 'link.json'))).toBeUndefined();
    expect(readDemoAccess(folder)).toBeUndefined();
  });

  test('is not written through a link that another user made', () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'untouched');
    symlinkSync(target, file);
    writeDemoAccess(access, file);
    expect(readDemoAccess(file)).toEqual(access);
    expect(statSync(target).size).toBe('untouched'.length);
  });

  test.each(['', '{', '[]', 'null', '{"url":"http://x"}', '{"url":1,"key":"x"}'])('is ignored when its content is %j', (text) => {
    writeFileSync(file, text, { mode: 0o600 });
    expect(readDemoAccess(file)).toBeUndefined();
  });

  test('CON-S03: each demo has a file of its own; the running ones are listed, the newest first, without one that was killed', () => {
    const own = basename(demoAccessFile());
    const fileOf = (pid: number) => join(folder, own.replace(/\d+[.]json$/, `${pid}.json`));
    writeDemoAccess({ ...access, url: 'http://older' }, fileOf(process.ppid));
    writeDemoAccess({ ...access, url: 'http://newer' }, fileOf(process.pid));
    writeDemoAccess({ ...access, url: 'http://killed' }, fileOf(2 ** 30));
    utimesSync(fileOf(process.ppid), 1000, 1000);
    expect(runningDemos(folder).map(({ url }) => url)).toEqual(['http://newer', 'http://older']);
  });
});
