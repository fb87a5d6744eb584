import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { type Cpo, openCpo } from '../../sim/partner.ts';
import { peerId } from '../../src/domain/ids.ts';
import { peerById } from '../../src/store/sql/peer.ts';
import { remoteSession } from '../emsp-world.ts';
import { codeOf, inviteAt, openPlatform, type Platform, sendRequest } from './platform.fixture.ts';

/** Where the specification's own examples lie, when they lie anywhere; they are not part of this project. */
const folder = process.env.EVENKEEL_OCPI_EXAMPLES ?? join(import.meta.dirname, '../../../shared/ocpi-examples');
const present = existsSync(folder);
const read = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));

async function connectedCpo(platform: Platform, party: { country_code: string; party_id: string }): Promise<Cpo> {
  const cpo = await openCpo({ clock: realClock(), party });
  const token = await platform.node().registration.invite({ role: 'CPO', ...party });
  if (!token.ok) throw new Error(token.problem);
  expect(codeOf(await cpo.register({ token: token.value, versions_url: `${platform.url}/ocpi/versions` }))).toBe('200 1000');
  return cpo;
}

describe.skipIf(!present)(`the specification’s own examples through a node${present ? '' : ' (skipped: the folder with them is not here)'}`, () => {
  test.each(['session_example_1_simple_start', 'session_example_2_short_finished'])(
    'SES-30, TRN-38: %s is taken by an eMSP, and is what it shows',
    async (name) => {
      await using platform = await openPlatform({ role: 'EMSP', party_id: 'TST' });
      const session = read(name);
      const { country_code, party_id } = session;
      await using cpo = await connectedCpo(platform, { country_code, party_id });
      const url = `${platform.url}/ocpi/2.2.1/receiver/sessions/${country_code}/${party_id}/${session.id}`;
      const { token } = cpo.peer();
      expect(codeOf(await sendRequest(`PUT ${url}`, { token, body: session }))).toBe('201 1000');
      expect((await sendRequest(`GET ${url}`, { token })).data).toEqual(session);
    },
  );

  test.each(['session_patch_example_charging_period', 'session_patch_example_total_cost'])('SES-34, TRN-32: %s changes what it names', async (name) => {
    await using platform = await openPlatform({ role: 'EMSP', party_id: 'EVK' });
    await using cpo = await connectedCpo(platform, { country_code: 'NL', party_id: 'CPO' });
    const url = `${platform.url}/ocpi/2.2.1/receiver/sessions/NL/CPO/S1`;
    const { token } = cpo.peer();
    const before = remoteSession('S1', { last_updated: '2019-06-23T08:00:00Z', start_date_time: '2019-06-23T08:00:00Z' });
    await sendRequest(`PUT ${url}`, { token, body: before });
    expect(codeOf(await sendRequest(`PATCH ${url}`, { token, body: read(name) }))).toBe('200 1000');
    expect((await sendRequest(`GET ${url}`, { token })).data).toEqual({ ...before, ...read(name) });
  });

  test.each([
    ['credentials_example', '2.2.1'],
    ['credentials_example2', '2.2.1'],
    ['credentials_example3', '2.2.1'],
    ['credentials_example4', '2.3.0'],
  ] as const)('CRE-27, CRE-30, CRE-33: %s registers, for the party that was invited, once its url leads somewhere', async (name, edition) => {
    await using platform = await openPlatform({ role: 'EMSP', party_id: 'EVK' });
    const told = read(name);
    const [{ country_code, party_id }] = told.roles;
    await using cpo = await openCpo({ clock: realClock(), edition, party: { country_code, party_id } });
    const { token } = await inviteAt(platform, party_id, 'CPO');
    const body = { ...told, token: cpo.invite().token, url: cpo.versionsUrl };
    expect(codeOf(await sendRequest(`POST ${platform.url}/ocpi/${edition}/credentials`, { token, body }))).toBe('200 1000');
    expect((await platform.store.first(peerById(peerId(`NL*${party_id}`))))?.roles).toMatchObject([{ role: 'CPO', country_code, party_id }]);
  });
});
