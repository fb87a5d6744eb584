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

/** A client of a hub that records the sent requests. */
function hubClient() {
  const sent: OutgoingRequest[] = [];
  const transport = async (request: OutgoingRequest): Promise<HttpAnswer> => {
    sent.push(request);
    return { is: 'ANSWERED', status: 200, headers: {}, body: JSON.stringify({ data: [], status_code: 1000 }) };
  };
  const client: PeerClient = { transport, edition: '2.2.1', token: { text: 'hub-token', style: 'base64' }, hub };
  return { client, sent };
}
const base = 'https://hub.example/x';
const profile = { charging_rate_unit: 'A' as const, charging_profile_period: [{ start_period: 0, limit: 6 }] };
const at = { params: { country_code: 'NL', party_id: 'CPO', session_id: 'S1' }, base };
const forSession = { params: { session_id: 'S1' }, base };
const response_url = 'https://us.example/r';

describe('a message that is addressed to the hub itself', () => {
  test('RTE-08, RTE-10: a GET of one object, sessions and charging profiles are not sent, whatever the case of the hub’s name', async () => {
    const { client, sent } = hubClient();
    const ids: Ids = { to: { countryCode: 'nl', partyId: 'hub' } };
    const answers = await Promise.all([
      callEndpoint(client, getSession, { ...at, ids }),
      callEndpoint(client, patchSession, { ...at, ids, body: { kwh: 1, last_updated: '2026-01-31T09:00:00Z' } }),
      callEndpoint(client, setChargingProfile, { ...forSession, ids, body: { charging_profile: profile, response_url } }),
      callEndpoint(client, getActiveChargingProfile, { ...forSession, ids, query: { duration: 60, response_url } }),
      callEndpoint(client, clearChargingProfile, { ...forSession, ids, query: { response_url } }),
      callEndpoint(client, pushActiveChargingProfile, { ...forSession, ids, body: { start_date_time: '2026-01-31T09:00:00Z', charging_profile: profile } }),
      postToResponseUrl(client, setChargingProfile, { url: 'https://hub.example/r', result: { result: 'ACCEPTED' }, ids }),
    ]);
    expect(answers.map((it) => it.is === 'FAILED' && it.because)).toEqual(Array(7).fill('bad_request'));
    expect(answers[0]).toMatchObject({ message: expect.stringContaining('which is the hub itself, allowed: the party that the sessions are for') });
    expect(sent).toEqual([]);
  });

  test('RTE-10: the type HubName is accepted only for a GET of a list', async () => {
    const { client, sent } = hubClient();
    // @ts-expect-error a hub is not a receiver of messages
    const ids: Ids = { to: hubName };
    expect(await callEndpoint(client, getSession, { ...at, ids })).toMatchObject({ because: 'bad_request' });
    const end = await crawl(client, getSessions, { base, query: {}, origins: ['https://hub.example'], ids: { to: hubName }, take: async () => 'NEXT' });
    expect(end).toEqual({ is: 'COMPLETE', pages: 1 });
    expect(sent.map(({ method, headers }) => [method, headers['OCPI-to-party-id']])).toEqual([['GET', 'HUB']]); // RTE-13
  });

  test('RTE-08, RTE-10: sessions, charging profiles and any GET may not be broadcast', () => {
    expect(mayBeBroadcast(patchSession)).toBe(false);
    expect(mayBeBroadcast(setChargingProfile)).toBe(false);
    expect(mayBeBroadcast(getSessions)).toBe(false);
  });
});
