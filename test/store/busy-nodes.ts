import { virtualClock } from '../../sim/index.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import type { Node, NodeOptions } from '../../src/node/node.ts';
import { locationUrl, moment, openEmspWorld, remoteConnector, remoteEvse, remoteLocation, remoteSession } from '../emsp-world.ts';
import { signedIn } from '../flows/console.fixture.ts';
import { consent, contract } from '../flows/delegated.fixture.ts';
import { relayConfig } from '../flows/relay.fixture.ts';
import { presentCard, remoteToken } from '../flows/tokens.fixture.ts';
import { openHubWorld } from '../hub-world.ts';
import { letTimePass } from '../let-time-pass.ts';
import { upTo } from '../profile-requests.ts';
import { badge, openWorld, type StoreKind } from '../world.ts';

type Around = NonNullable<NodeOptions['aroundStore']>;

const newClock = () => virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
/** Longer than the period of every job; those that pull and renew have shorter ones here. */
const ALL_JOBS_MS = 11 * 60_000;
const often: Partial<Config> = { session_pull: 60, token_pull: 60, console: {} };

/** A CPO that carries requests of an eMSP and an SCSP, and loses a party and a peer. */
export async function runCpo(store: StoreKind, aroundStore: Around): Promise<void> {
  const clock = newClock();
  const config = { ...often, contracts: [contract()], consents: [consent()] };
  await using world = await openWorld({ store, clock, aroundStore, config });
  const until = <T>(event: Promise<T>) => letTimePass(clock, event, world.node().publicUrl);
  const emsp = await world.emsp({ tokens: [] });
  const scsp = await world.emsp({ role: 'SCSP', preferences: 'ACCEPTED' });
  await emsp.tokens.put(remoteToken());
  await emsp.tokens.patch('CAFE01', { visual_number: 'V1', last_updated: moment(60) });
  await emsp.tokens.readBack('CAFE01');
  const reservation = await world.node().reserve({ evseUid: 'CP-16-1', tokenUid: badge.uid });
  if (reservation) await world.node().endReservation(reservation);
  const old = await world.station('CP-16');
  await presentCard(old);
  const station = await world.station('CP-201');
  const session = await until(world.charging(emsp, station));
  await until(scsp.session(({ id }) => id === session));
  await until((await emsp.set(session, upTo(16))).later);
  await until((await emsp.get(session, 60)).later);
  await scsp.set(session, upTo(10));
  await emsp.prefer(session, { profile_type: 'FAST' });
  await until((await emsp.clear(session)).later);
  const pushed = scsp.nextPush(session);
  await until((await scsp.set(session, upTo(10))).later);
  await until(pushed);
  await emsp.pullSessions();
  await emsp.pullLocations();
  station.behave({ answers: { GetCompositeSchedule: { is: 'late', milliseconds: 40_000 } } });
  await scsp.get(session, 60);
  await until(world.firstStep('station-answered', ({ answer }) => answer.endsWith('late')));
  station.behave({ answers: {} });
  await station.reconnect();
  await operate(world.node(), session);
  await clock.advance(ALL_JOBS_MS);
  await until((await scsp.set(session, upTo(10))).later);
  const cleared = station.next('ClearChargingProfile');
  await (await signedIn(world.node(), 'admin', 'halting')).ask('POST parties/NL*SCS/halt');
  await until(cleared);
  await until(emsp.session(({ kwh }) => Number(kwh) > 0));
  await station.unplug(1);
  await until(emsp.session(({ status }) => status === 'COMPLETED'));
  await emsp.unregister();
  await clock.advance(10_000);
}

/** An eMSP that steers itself and relays for an SCSP, behind a hub too. */
export async function runEmsp(store: StoreKind, aroundStore: Around): Promise<void> {
  const clock = newClock();
  const tokens = [{ uid: 'DEADBEEF', type: 'RFID', country_code: 'NL', party_id: 'EVK', contract_id: 'NL-EVK-C1', valid: true, whitelist: 'ALWAYS' }] as const;
  const config: Partial<Config> = { ...often, ...relayConfig, tokens: [...tokens] };
  await using world = await openEmspWorld({ store, clock, aroundStore, config });
  const until = <T>(event: Promise<T>) => letTimePass(clock, event, world.node().publicUrl);
  const cpo = await world.cpo({ tokens: true, preferences: 'ACCEPTED' });
  const scsp = await world.scsp({ preferences: 'ACCEPTED' });
  await cpo.send({ method: 'PUT', url: locationUrl(cpo, 'LOC1'), body: remoteLocation('LOC1') });
  await cpo.send({ method: 'PUT', url: locationUrl(cpo, 'LOC1', 'E2'), body: remoteEvse('E2', { last_updated: moment(60) }) });
  await cpo.send({ method: 'PATCH', url: locationUrl(cpo, 'LOC1', 'E1', '1'), body: { ...remoteConnector('1'), last_updated: moment(90) } });
  await cpo.tokens.pull();
  await cpo.put(remoteSession('S1'));
  const { id } = await until(scsp.session(({ status }) => status === 'ACTIVE'));
  const session = String(id);
  await until((await scsp.set(session, upTo(10))).later);
  await cpo.pushActiveProfile('S1', { start_date_time: moment(0), charging_profile: upTo(10) });
  await until((await scsp.get(session, 60)).later);
  await scsp.pullSessions();
  await cpo.patch('S1', { kwh: 2, last_updated: moment(60) });
  await operate(world.node(), 'NL*CPO*S1');
  await clock.advance(ALL_JOBS_MS);
  await cpo.patch('S1', { status: 'COMPLETED', end_date_time: moment(3600), last_updated: moment(3600) });
  await using behind = await openHubWorld(world, { clock });
  await behind.cpo.put(remoteSession('S2'));
  await cpo.unregister();
  await clock.advance(10_000);
}

/** An SCSP that plans. */
export async function runScsp(store: StoreKind, aroundStore: Around): Promise<void> {
  const clock = newClock();
  const config: Partial<Config> = {
    ...often,
    parties: [{ role: 'SCSP', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel SCSP' }],
    planner: { sites: [{ location_id: 'LOC1', limit: 32, unit: 'A' }], every: 60 },
  };
  await using world = await openEmspWorld({ store, clock, aroundStore, config });
  const cpo = await world.cpo();
  await cpo.put(remoteSession('S1'));
  await letTimePass(
    clock,
    world.firstStep('outcome', ({ kind }) => kind === 'set'),
    world.node().publicUrl,
  );
  await operate(world.node(), 'NL*CPO*S1');
  await clock.advance(ALL_JOBS_MS);
}

/** Everything that the console and the operator's systems read, and what they change. */
async function operate(node: Node, session: string): Promise<void> {
  const admin = await signedIn(node);
  for (const path of READS) await admin.ask(`GET ${path.replace('SESSION', session)}`);
  await node.events(0).next();
  await admin.ask(`PUT sessions/${session}/charging-profile?mode=replace`, { unit: 'A', limit: 8 });
  await admin.ask(`DELETE sessions/${session}/charging-profile`);
  await admin.ask('POST contracts', { party: 'NL*SC2', may: ['see'] });
  await admin.ask('POST consents', { token: '*', party: 'NL*SC2', text_version: '1', given_at: moment(0) });
  await admin.ask('POST consents/withdraw', { token: '*', party: 'NL*SC2' });
  await admin.ask('POST logout');
}

const READS = [
  'me',
  'overview',
  'sessions',
  'sessions?status=ACTIVE',
  'sessions?q=S',
  'sessions/SESSION',
  'sessions/SESSION/history',
  'sessions/SESSION/series',
  'exchanges',
  'exchanges?session=SESSION',
  'exchanges?q=S',
  'exchanges?state=DELIVERED',
  'peers',
  'peers/NL*MSP',
  'stations',
  'stations/CP-201',
  'locations',
  'sites',
  'load',
  'plan',
  'contracts',
  'consents',
  'parties/halted',
  'audit',
  'keys',
  'users',
];
