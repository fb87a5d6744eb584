import { describe, expect, test } from 'vitest';
import { callEndpoint, type Ids, type PeerClient, postToResponseUrl } from './call.ts';
import { clearChargingProfile } from './chargingprofiles/clear-charging-profile.ts';
import { getActiveChargingProfile } from './chargingprofiles/get-active-charging-profile.ts';
import { pushActiveChargingProfile } from './chargingprofiles/push-active-charging-profile.ts';
import { setChargingProfile } from './chargingprofiles/set-charging-profile.ts';
import { crawl } from './crawl.ts';
import { mayBeBroadcast } from './endpoint.ts';
import type { HubName, PartyName } from './headers.ts';
import { getSession } from './sessions/get-session.ts';
import { getSessions } from './sessions/get-sessions.ts';
import { patchSession } from './sessions/patch-session.ts';
import type { HttpAnswer, OutgoingRequest } from './transport.ts';

const hub: PartyName = { countryCode: 'NL', partyId: 'HUB' };
const hubName: HubName = { countryCode: 'NL', partyId: 'HUB', hub: true };

/** A line to a hub that keeps what leaves on it. */
function lineToHub() {
  const sent: OutgoingRequest[] = [];
  const transport = async (request: OutgoingRequest): Promise<HttpAnswer> => {
    sent.push(request);
    return { is: 'ANSWERED', status: 200, headers: {}, body: JSON.stringify({ data: [], status_code: 1000 }) };
  };
  const line: PeerClient = { transport, edition: '2.2.1', token: { text: 'hub-token', style: 'base64' }, hub };
  return { line, sent };
}
const base = 'https://hub.example/x';
const profile = { charging_rate_unit: 'A' as const, charging_profile_period: [{ start_period: 0, limit: 6 }] };
const at = { params: { country_code: 'NL', party_id: 'CPO', session_id: 'S1' }, base };
const about = { params: { session_id: 'S1' }, base };
const response_url = 'https://us.example/r';

describe('what can be said to everyone behind a hub', () => {
  test('RTE-08, RTE-10: neither a GET of one object, nor sessions, nor charging profiles, whatever the spelling of its name', async () => {
    const { line, sent } = lineToHub();
    const ids: Ids = { to: { countryCode: 'nl', partyId: 'hub' } };
    const answers = await Promise.all([
      callEndpoint(line, getSession, { ...at, ids }),
      callEndpoint(line, patchSession, { ...at, ids, body: { kwh: 1, last_updated: '2026-01-31T09:00:00Z' } }),
      callEndpoint(line, setChargingProfile, { ...about, ids, body: { charging_profile: profile, response_url } }),
      callEndpoint(line, getActiveChargingProfile, { ...about, ids, query: { duration: 60, response_url } }),
      callEndpoint(line, clearChargingProfile, { ...about, ids, query: { response_url } }),
      callEndpoint(line, pushActiveChargingProfile, { ...about, ids, body: { start_date_time: '2026-01-31T09:00:00Z', charging_profile: profile } }),
      postToResponseUrl(line, setChargingProfile, { url: 'https://hub.example/r', result: { result: 'ACCEPTED' }, ids }),
    ]);
    expect(answers.map((it) => it.is === 'FAILED' && it.because)).toEqual(Array(7).fill('bad_request'));
    expect(answers[0]).toMatchObject({ message: expect.stringContaining('which is the hub itself; allowed is the party that sessions are for') });
    expect(sent).toEqual([]);
  });

  test('RTE-10: the name of a hub does not pass for that of a party, but where a list is asked for', async () => {
    const { line, sent } = lineToHub();
    // @ts-expect-error a hub is nobody that a message is for
    const ids: Ids = { to: hubName };
    expect(await callEndpoint(line, getSession, { ...at, ids })).toMatchObject({ because: 'bad_request' });
    const end = await crawl(line, getSessions, { base, query: {}, origins: ['https://hub.example'], ids: { to: hubName }, take: async () => {} });
    expect(end).toEqual({ is: 'COMPLETE', pages: 1 });
    expect(sent.map(({ method, headers }) => [method, headers['OCPI-to-party-id']])).toEqual([['GET', 'HUB']]); // RTE-13
  });

  test('RTE-08, RTE-10: only what is meant for everyone, and only when it is told, not asked', () => {
    expect(mayBeBroadcast(patchSession)).toBe(false);
    expect(mayBeBroadcast(setChargingProfile)).toBe(false);
    expect(mayBeBroadcast(getSessions)).toBe(false);
  });
});
