import { expect, test } from 'vitest';
import { type Ended, runCommand } from '../command.ts';
import { writeNodeFile } from '../node-file.ts';

const lines = ({ stdout }: Ended): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

test('contracts are added, listed and ended; a warning says that no consent covers the party', async () => {
  await using file = await writeNodeFile();
  await runCommand('migrate', '--config', file.path);
  const command = (...args: string[]) => runCommand('contracts', ...args, '--config', file.path, '--json');
  const added = await command('add', '--party', 'nl*scs', '--may', 'see', 'control', '--location', 'LOC1', '--until', '2030-01-01T00:00:00Z');
  expect(added).toMatchObject({ code: 0, stderr: expect.stringContaining('no consent covers NL*SCS') });
  const [contract] = lines(added);
  expect(contract).toMatchObject({
    party: 'NL*SCS',
    may: ['control', 'see'],
    locations: ['LOC1'],
    until: '2030-01-01T00:00:00.000Z',
    origin: 'command',
    consented: false,
  });
  const again = await command('add', '--party', 'NL*SCS', '--may', 'see', 'control', '--location', 'LOC1', '--until', '2030-01-01T00:00:00Z');
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('says the same') });
  const ended = await command('end', '--id', String(contract?.id));
  expect(lines(ended)).toMatchObject([{ ended_at: expect.stringMatching(/Z$/) }]);
  expect((await command('end', '--id', String(contract?.id))).stderr).toContain('was ended before');
  expect(lines(await command('list'))).toEqual(lines(ended));
});

test('SEC-44: consents are recorded and withdrawn; the driver is shown by pseudonym', async () => {
  await using file = await writeNodeFile();
  await runCommand('migrate', '--config', file.path);
  const command = (...args: string[]) => runCommand('consents', ...args, '--config', file.path, '--json');
  const added = await command('add', '--token', 'deadbeef', '--party', 'NL*SCS', '--text-version', '3', '--given-at', '2026-01-01T00:00:00Z');
  expect(lines(added)).toMatchObject([
    { party: 'NL*SCS', purpose: 'smart_charging', text_version: '3', given_at: '2026-01-01T00:00:00.000Z', driver: expect.stringMatching(/^[0-9A-F]{36}$/) },
  ]);
  const withdrawn = await command('withdraw', '--token', 'DEADBEEF', '--party', 'NL*SCS');
  expect(lines(withdrawn)).toMatchObject([{ driver: lines(added)[0]?.driver, text_version: '3', withdrawn_at: expect.stringMatching(/Z$/) }]);
  const listed = await command('list');
  expect(lines(listed)).toEqual(lines(withdrawn));
  for (const { stdout, stderr } of [added, withdrawn, listed]) expect((stdout + stderr).toUpperCase()).not.toContain('DEADBEEF');
});

test('a party is halted and resumed; an invalid party id is refused with one line', async () => {
  await using file = await writeNodeFile();
  await runCommand('migrate', '--config', file.path);
  expect(lines(await runCommand('halt', 'nl*scs', '--config', file.path, '--json'))).toEqual([{ halted: ['NL*SCS'] }]);
  expect(lines(await runCommand('resume', 'NL*SCS', '--config', file.path, '--json'))).toEqual([{ halted: [] }]);
  const wrong = await runCommand('halt', 'SCS', '--config', file.path);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/^evenkeel: .*such as NL\*SCS.*\n$/) });
});
