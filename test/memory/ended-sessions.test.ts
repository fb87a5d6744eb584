import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { PartyRole } from '../../src/domain/party.ts';
import { epochMillis, wattHours } from '../../src/domain/units.ts';
import type { KnownPeer } from '../../src/node/core/known-peers.ts';
import { setChargingProfile } from '../../src/ocpi/chargingprofiles/set-charging-profile.ts';
import { putLocation } from '../../src/ocpi/locations/put-location.ts';
import { putSession } from '../../src/ocpi/sessions/put-session.ts';
import type { Station } from '../../src/ocpp/station.ts';
import type { OwnSession, Progress } from '../../src/roles/cpo/session.ts';
import { runningAt } from '../../src/store/sql/session.ts';
import { describedLocation } from '../described-location.ts';
import { remoteEvse, remoteLocation, remoteSession } from '../emsp-world.ts';
import { openRoles, type RolesWithoutSockets } from './roles-without-sockets.ts';

/** Sessions that a node has had when it is measured first: its caches are warm then. */
const WARM_UP = 1_000;
/** Sessions that a node has had at the end. */
const SESSIONS = Number(process.env.EVENKEEL_SESSIONS ?? 4_000);
/** Long enough for a machine with other work. */
const TIMEOUT_MS = 120_000;
/** Sessions that run at a time. */
const AT_ONCE = 100;
/** Sessions whose party sends requests, and whose changes are pushed over HTTP: one of this number. */
const STEERED = 20;
/** Bytes of the heap that one ended session may leave. A session that is kept whole would need some thousand. */
const BYTES_EACH = 300;

/** Collections that may grow up to a bound (docs/guards.md); all others must be as small at the end as after the warm-up. */
const BOUNDS: Readonly<Record<string, number>> = { 'rate limits': 1_000, 'relayed ids': SESSIONS / STEERED, 'announced limits': 16 * AT_ONCE };

const role = (name: 'CPO' | 'EMSP' | 'SCSP', party_id: string): PartyRole => ({
  role: name,
  country_code: 'NL',
  party_id,
  business_details: { name: party_id },
});
const [ours, emsp, cpo, scsp] = [role('CPO', 'EVK'), role('EMSP', 'MSP'), role('CPO', 'CPO'), role('SCSP', 'SCS')];
const at = (clock: { now(): number }) => new Date(clock.now()).toISOString();
const profile = (limit: number) => ({ charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit }] });

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const heap = () => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

/** Plays sessions one batch after another. Returns what the node keeps, and the heap, after the warm-up and at the end. */
async function play(node: RolesWithoutSockets, playBatch: (first: number) => Promise<void>) {
  const measured: { kept: Readonly<Record<string, number>>; heap: number }[] = [];
  for (let first = 0; first < SESSIONS; first += AT_ONCE) {
    await playBatch(first);
    await node.clock.advance(60_000);
    if (first + AT_ONCE !== WARM_UP && first + AT_ONCE !== SESSIONS) continue;
    await node.clock.advance(25 * 3_600_000); // deadlines, retries and reads are over, and the messages of a day
    node.forgetOldMessages();
    measured.push({ kept: await node.kept(), heap: heap() });
  }
  const [warm, end] = measured;
  if (!warm || !end) throw new Error('nothing was measured');
  return { warm, end };
}

test(
  'R-20: a CPO keeps nothing of thousands of ended sessions in memory',
  async () => {
    const names = Array.from({ length: AT_ONCE }, (_, n) => `CP${n}`);
    const evse = (id: string) => ({ uid: `${id}-1`, evse_id: 1, connector_id: 1, power_type: 'AC_3_PHASE', max_voltage: 230, max_amperage: 32 });
    await using node = await openRoles({
      parties: [{ role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel' }],
      ocpp: { port: 0, security_profile: 1 },
      charge_points: names.map((id, n) => ({ id, password: '0123456789abcdef', location_id: `L${n}`, evses: [evse(id)] })),
      locations: names.map((_, n) => describedLocation(`L${n}`)),
      tokens: [
        { uid: 'DEADBEEF', type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: 'NL-MSP-C1' },
        { uid: 'C0FFEE', type: 'RFID', country_code: 'NL', party_id: 'TNM', contract_id: 'NL-TNM-C1' },
      ],
      sites: [{ name: 'garage', limit: { a: 1_000 }, evses: names.map((id) => ({ uid: `${id}-1` })) }],
    });
    const peer = await node.register(emsp);
    const stations = await Promise.all(names.map((name) => node.connect(name)));
    const result = await play(node, async (first) => {
      await Promise.all(stations.map((station, n) => chargeAt(node, { station, peer, number: first + n })));
    });
    compare(node, result);
  },
  TIMEOUT_MS,
);

async function chargeAt(
  { host, clock, receive, context }: RolesWithoutSockets,
  { station, peer, number }: { station: Station; peer: KnownPeer; number: number },
) {
  const isSteered = number % STEERED === 0;
  const transactionId = `T${number}`;
  const readings = [{ at: epochMillis(clock.now()), energy: wattHours(number), power: 7_000 as never }];
  const idToken = { uid: isSteered ? 'DEADBEEF' : 'C0FFEE', type: 'ISO14443' };
  await host.received(station, { kind: 'transaction-started', evseId: 1, transactionId, idToken, at: clock.now(), charging: true, readings: [] });
  const [session] = await context.store.all(runningAt<OwnSession, Progress>(station.id));
  if (isSteered && session)
    await receive(peer, setChargingProfile, {
      to: ours,
      params: { session_id: session.body.id },
      body: { charging_profile: profile(6 + (number % 26)), response_url: `${peer.origins[0]}/result` },
    });
  if (number % 7 === 0) await host.received(station, { kind: 'booted', vendor: 'v', model: 'm', at: clock.now() });
  if (number % 5 === 0) await host.received(station, { kind: 'limit-changed', evseId: 1, source: `S${number}` });
  await host.received(station, { kind: 'transaction-updated', evseId: 1, transactionId, at: clock.now(), readings });
  await host.received(station, { kind: 'transaction-ended', transactionId, at: clock.now(), readings });
}

test(
  'R-20: an eMSP that relays to an SCSP keeps nothing of thousands of ended sessions in memory',
  async () => {
    await using node = await openRoles({
      parties: [{ role: 'EMSP', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel' }],
      tokens: [{ uid: 'DEADBEEF', type: 'RFID', country_code: 'NL', party_id: 'EVK', contract_id: 'NL-EVK-C1' }],
      contracts: [{ party: 'NL*SCS', may: ['see', 'control'], tokens_of: 'NL*EVK' }],
      consents: [{ token: 'DEADBEEF', party: 'NL*SCS', purpose: 'smart_charging', text_version: '1', given_at: '2026-01-01T00:00:00Z' }],
    });
    await node.register(scsp);
    const peer = await node.register(cpo);
    const result = await play(node, async (first) => {
      await receiveSessions(node, peer, first);
    });
    compare(node, result);
  },
  TIMEOUT_MS,
);

test(
  'R-20: an SCSP that plans sessions keeps nothing of thousands of ended sessions in memory',
  async () => {
    await using node = await openRoles({
      parties: [{ role: 'SCSP', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel' }],
      planner: { sites: [{ location_id: 'LOC1', limit: 640, unit: 'A' }], every: 60 },
    });
    const peer = await node.register(cpo);
    await node.receive(peer, putLocation, {
      to: role('SCSP', 'EVK'),
      params: { country_code: 'NL', party_id: 'CPO', location_id: 'LOC1' },
      body: remoteLocation('LOC1', { evses: Array.from({ length: AT_ONCE }, (_, n) => remoteEvse(`E${n}`)) }),
    });
    node.roles.scsp?.start();
    let planned = 0;
    const result = await play(node, async (first) => {
      await receiveSessions(node, peer, first);
      planned = Math.max(planned, node.roles.scsp?.snapshot.steered.filter(({ sentAt }) => sentAt.length > 0).length ?? 0);
      await node.clock.advance(1_000);
    });
    compare(node, result);
    expect(planned).toBe(AT_ONCE);
  },
  TIMEOUT_MS,
);

/** A peer sends sessions that begin, and end a moment later. */
async function receiveSessions({ clock, receive }: RolesWithoutSockets, peer: KnownPeer, first: number): Promise<void> {
  const send = (status: string) => {
    const sent = Array.from({ length: AT_ONCE }, (_, n) => ({ n, id: `S${first + n}` })).map(({ n, id }) => {
      const cdr_token = { country_code: 'NL', party_id: 'EVK', uid: n % STEERED === 0 ? 'DEADBEEF' : 'C0FFEE', type: 'RFID', contract_id: 'NL-EVK-C1' };
      return receive(peer, putSession, {
        to: role('EMSP', 'EVK'),
        params: { country_code: 'NL', party_id: 'CPO', session_id: id },
        body: remoteSession(id, { status, evse_uid: `E${n}`, last_updated: at(clock), cdr_token }),
      });
    });
    return Promise.all(sent);
  };
  await send('ACTIVE');
  await clock.advance(1_000);
  await send('COMPLETED');
}

function compare(node: RolesWithoutSockets, { warm, end }: Awaited<ReturnType<typeof play>>): void {
  expect(node.errors).toEqual([]);
  for (const [what, most] of Object.entries(BOUNDS)) expect(end.kept[what] ?? 0, what).toBeLessThanOrEqual(most);
  const unbounded = (kept: object) => Object.entries(kept).filter(([what]) => !(what in BOUNDS));
  expect(unbounded(end.kept)).toEqual(unbounded(warm.kept));
  expect((end.heap - warm.heap) / (SESSIONS - WARM_UP)).toBeLessThan(BYTES_EACH);
}
