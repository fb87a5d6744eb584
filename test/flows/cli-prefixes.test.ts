import { expect, test } from 'vitest';
import { type Ended, runCommand, runCommandWith } from '../command.ts';
import { openEmspWorld, remoteSession } from '../emsp-world.ts';
import { writeNodeFile } from '../node-file.ts';
import { apiClient, errorOf, openApiClient } from '../operator-api.ts';

const onlyLine = ({ stdout }: Ended): Record<string, unknown> => JSON.parse(stdout.trim().split('\n').at(-1) ?? '');

test('F-78: commands about sessions and exchanges take any beginning of an id that one object has, as the tables show it', async () => {
  await using world = await openEmspWorld();
  const cpo = await world.cpo();
  for (const id of ['0193a1f0-aaaa-7000', '0193a1f0-bbbb-7000']) await cpo.put(remoteSession(id));
  const { key } = await openApiClient(world.node());
  const run = (...args: string[]) => runCommandWith({ env: { EVENKEEL_URL: world.node().publicUrl, EVENKEEL_KEY: key } }, ...args);
  expect(await run('set', '0193a1f0-a', '--limit', '8A', '--wait')).toMatchObject({ code: 0, stderr: '' });
  expect(await run('set', 'nl*cpo*0193a1f0-b…', '--limit', '8A', '--wait')).toMatchObject({ code: 0, stderr: '' });
  expect(cpo.profileRequests.map(({ sessionId }) => sessionId)).toEqual(['0193a1f0-aaaa-7000', '0193a1f0-bbbb-7000']);
  const both = await run('clear', '0193A1', '--wait');
  expect([both.code, both.stderr]).toEqual([
    1,
    expect.stringMatching(
      /^evenkeel: "0193A1" can mean 2 sessions: 0193a1f0-aaaa-7000 at .* \(NL\*CPO\*0193A1F0-AAAA-7000\), 0193a1f0-bbbb-7000 at .*; use the key in parentheses\n$/,
    ),
  ]);
  expect(onlyLine(await run('exchanges', '--session', '0193a1f0-a', '--json'))).toMatchObject({ session: 'NL*CPO*0193A1F0-AAAA-7000' });
  const listed = (await run('exchanges')).stdout.trim().split('\n').slice(1);
  for (const line of listed) expect(await run('exchange', line.split(/ +/).at(-1) ?? '')).toMatchObject({ code: 0 });
  const { body } = await apiClient(world.node().publicUrl, key).request('GET exchanges');
  const [newest, oldest] = (body as { items: { id: string }[] }).items;
  const shared = newest?.id.slice(
    0,
    [...(newest?.id ?? '')].findIndex((it, n) => it !== oldest?.id[n]),
  );
  const several = await apiClient(world.node().publicUrl, key).request(`GET exchanges/${shared}`);
  expect([several.status, errorOf(several).code, errorOf(several).allowed]).toEqual([409, 'AMBIGUOUS', `${newest?.id}, ${oldest?.id}`]);
  expect(await run('exchange', '')).toMatchObject({ code: 1 });
});

test('F-78: commands about peers, contracts and keys take any beginning of an id that one of them has', async () => {
  await using file = await writeNodeFile();
  await runCommand('migrate', '--config', file.path);
  const run = (...args: string[]) => runCommand(...args, '--config', file.path, '--json');
  for (const name of ['one', 'two']) await run('keys', 'add', '--name', name, '--scope', 'view');
  const keys = (await run('keys', 'list')).stdout
    .trim()
    .split('\n')
    .map((line): { id: string } => JSON.parse(line));
  for (const { id } of keys) expect(onlyLine(await run('keys', 'revoke', '--id', id.slice(0, 9)))).toMatchObject({ id, revoked_at: expect.any(String) });
  const contract = onlyLine(await run('contracts', 'add', '--party', 'NL*SCS', '--may', 'see'));
  expect(onlyLine(await run('contracts', 'end', '--id', String(contract.id).slice(0, 6)))).toMatchObject({ id: contract.id, ended_at: expect.any(String) });
  for (const party of ['MSP', 'MSQ']) await run('invite', '--role', 'EMSP', '--country-code', 'NL', '--party-id', party);
  expect(await run('unregister', '--peer', 'NL*MS')).toMatchObject({ code: 1, stderr: expect.stringContaining('2 peers have ids that begin with "NL*MS"') });
  expect(await run('unregister', '--peer', 'nl*msq')).toMatchObject({ code: 0 });
});
