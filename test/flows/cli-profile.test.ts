import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pipeCommand, runCommand } from '../command.ts';

const vectors = (name: string) => join(import.meta.dirname, '../vectors', name);
const lines = (text: string) => text.trim().split('\n');
const example = { charging_rate_unit: 'W', charging_profile_period: [{ start_period: 0, limit: 11_000 }] };

describe('evenkeel profile compose', () => {
  test.each(['composite-ocpp16.jsonl', 'composite-ocpp201.jsonl'])('CP-31: %s gives the expected schedule for each line', async (name) => {
    const { code, stdout, stderr } = await runCommand('profile', 'compose', '--json', vectors(name));
    const expected = lines(readFileSync(vectors(name), 'utf8')).map((line) => JSON.stringify(JSON.parse(line).expected));
    expect([code, stderr]).toEqual([0, '']);
    expect(lines(stdout)).toEqual(expected);
  });

  test('SEC-20: a wrong line is reported with its number, and the other lines are processed', async () => {
    const [good = ''] = lines(readFileSync(vectors('composite-ocpp201.jsonl'), 'utf8'));
    const wrong = good.replace('"stackLevel":0', '"stackLevel":"high"');
    const { code, stdout, stderr } = await pipeCommand(`${good}\n${wrong}\n\n{"from"\n${good}`, 'profile', 'compose', '--json');
    expect([code, lines(stdout).length]).toEqual([1, 2]);
    expect(lines(stderr)).toEqual([
      'evenkeel: line 2: evse_profiles[0].stackLevel: found "high", allowed: a whole number from 0 to 2147483647',
      'evenkeel: line 4: found "{\\"from\\"", allowed: JSON',
    ]);
  });

  test('CP-32: W and A in one case are converted with the given phases and voltage', async () => {
    const profile = (chargingRateUnit: string, limit: number, chargingProfilePurpose: string) => ({
      ...{ id: 1, stackLevel: 0, chargingProfileKind: 'Relative', chargingProfilePurpose },
      chargingSchedule: [{ id: 1, chargingRateUnit, chargingSchedulePeriod: [{ startPeriod: 0, limit }] }],
    });
    const input = {
      ...{ from: '2026-03-10T07:30:00Z', to: '2026-03-10T08:30:00Z', unit: 'A', evse_max: 32 },
      evse_profiles: [profile('W', 3000, 'TxProfile')],
      station_profiles: [profile('A', 30, 'ChargingStationMaxProfile')],
    };
    const { stdout } = await pipeCommand(JSON.stringify(input), 'profile', 'compose', '--json', '--phases', '1', '--voltage', '120');
    expect(stdout).toBe('[{"start_period":0,"limit":25}]\n');
  });

  test('a missing file ends the command with 2', async () => {
    const { code, stderr } = await runCommand('profile', 'compose', '/nowhere/at/all.jsonl');
    expect([code, stderr]).toEqual([2, 'evenkeel: /nowhere/at/all.jsonl cannot be read (ENOENT): name a file that this user may read\n']);
  });
});

describe('evenkeel profile convert', () => {
  test('CP-32: converts ChargingProfiles and ActiveChargingProfiles, rounded down to a tenth', async () => {
    const active = { start_date_time: '2026-03-10T07:30:00Z', charging_profile: { ...example, duration: 900 } };
    const input = `${JSON.stringify(example)}\n${JSON.stringify(active)}\n`;
    const { code, stdout } = await pipeCommand(input, 'profile', 'convert', '--json', '--to', 'A', '--phases', '3', '--voltage', '230');
    const converted = { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 15.9 }] };
    expect(code).toBe(0);
    expect(lines(stdout).map((line) => JSON.parse(line))).toEqual([
      converted,
      { start_date_time: '2026-03-10T07:30:00Z', charging_profile: { duration: 900, ...converted } },
    ]);
  });

  test.each([
    [['--to', 'A', '--phases', '4', '--voltage', '230'], /'--phases <n>' argument '4' is invalid\. Allowed is 1, 2 or 3/],
    [['--to', 'A', '--phases', '3', '--voltage', '0'], /Allowed is 1 to 1000 V/],
    [['--phases', '3', '--voltage', '230'], /'--to <unit>' not specified/],
  ])('names the problem of the options %j', async (args, expected) => {
    const { code, stderr } = await pipeCommand('', 'profile', 'convert', ...args);
    expect([code, lines(stderr).length]).toEqual([2, 1]);
    expect(stderr).toMatch(expected);
  });
});

describe('evenkeel profile draw', () => {
  test('draws a profile as an area, with one line of text for each step', async () => {
    const { code, stdout } = await pipeCommand(JSON.stringify(example, undefined, 2), 'profile', 'draw');
    expect([code, lines(stdout)[0]]).toEqual([0, 'ChargingProfile; W total']);
    expect(lines(stdout).slice(-2)).toEqual(['+0:00:00  11000 W', '+1:00:00  and so on']);
    expect(stdout).toContain('███');
    for (const line of lines(stdout)) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('draws each line of a file, and reports the lines that it cannot draw', async () => {
    const [one, two] = lines(readFileSync(vectors('composite-ocpp16.jsonl'), 'utf8'));
    const { code, stdout, stderr } = await pipeCommand(`${one}\n{}\n${two}\n`, 'profile', 'draw');
    expect([code, stdout.match(/Composite schedule; A per phase/g)?.length]).toEqual([1, 2]);
    expect(stderr).toMatch(/^evenkeel: line 2: body: found an object, allowed: an object with one of evse_profiles,/);
  });

  test('prints one SVG document', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'));
    const file = join(folder, 'profile.json');
    writeFileSync(file, JSON.stringify(example));
    const { code, stdout } = await runCommand('profile', 'draw', '--svg', file);
    rmSync(folder, { recursive: true });
    expect([code, stdout.startsWith('<svg xmlns="http://www.w3.org/2000/svg"'), stdout.endsWith('</svg>\n')]).toEqual([0, true, true]);
  });

  test('refuses several profiles for one SVG document', async () => {
    const { code, stderr } = await runCommand('profile', 'draw', '--svg', vectors('composite-ocpp16.jsonl'));
    expect([code, stderr]).toEqual([1, 'evenkeel: found 300 profiles, allowed: one for an SVG document; select a line, for example with sed -n 1p\n']);
  });
});
