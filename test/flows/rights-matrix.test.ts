import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fieldsOf, listOf } from '../../sim/partner/wire.ts';
import { type Cpo, type Emsp, openCpo, type PartnerAnswer } from '../../sim/partner.ts';
import { amperes, seconds } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import { openStore } from '../../src/store/open.ts';
import type { Query, Row } from '../../src/store/store.ts';
import { moment, remoteSession, sessionKeyOf, sessionUrl } from '../emsp-world.ts';
import { profilesUrl, upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { consent, contract } from './delegated.fixture.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

/** The node hosts the CPO of one session and the eMSP of another session, which a remote CPO pushes. Each party tries every operation. */
const config: Partial<Config> = {
  parties: [
    { role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel CPO' },
    { role: 'EMSP', country_code: 'NL', party_id: 'EVE', name: 'Evenkeel eMSP' },
  ],
  contracts: [contract({ party: 'NL*SEE', may: ['see'] }), contract({ party: 'NL*SCS' }), contract({ party: 'NL*OLD', until: '2026-01-31T09:00:00Z' })],
  consents: ['NL*SEE', 'NL*SCS', 'NL*OLD'].map((party) => consent({ party })),
};

const operations = ['list', 'set', 'get', 'clear', 'read', 'result', 'put', 'patch', 'push'] as const;
type Operation = (typeof operations)[number];

const REFUSED = { read: '404', result: '404', put: '404', patch: '404', push: '404' } as const; // only the CPO of a session may push it (TRN-35, CP-46, CP-48)
const UNKNOWN = { set: 'UNKNOWN_SESSION', get: 'UNKNOWN_SESSION', clear: 'UNKNOWN_SESSION' } as const; // as for a session that does not exist (SEC-15)
const everywhere = (answer: string) => Object.fromEntries(operations.map((it) => [it, answer]));

/**
 * What each party gets for each operation: a result, an OCPI status code, an HTTP status, or the sessions in the list; and the security events
 * for the operator.
 */
const table: Readonly<Record<string, { row: Partial<Record<Operation, string>>; events: readonly string[] }>> = {
  'the eMSP whose customer charges': { row: { list: 'own', set: 'ACCEPTED', get: 'ACCEPTED', clear: 'ACCEPTED', ...REFUSED }, events: ['foreign-object'] },
  'another eMSP': { row: { list: '', ...UNKNOWN, ...REFUSED }, events: ['foreign-object', 'foreign-session'] },
  'an SCSP that may see': {
    row: { list: 'own relayed', set: 'REJECTED', get: 'ACCEPTED', clear: 'REJECTED', ...REFUSED },
    events: ['foreign-object', 'no-contract'],
  },
  'an SCSP that may see and control': {
    row: { list: 'own relayed', set: 'ACCEPTED', get: 'ACCEPTED', clear: 'ACCEPTED', ...REFUSED },
    events: ['foreign-object'],
  },
  'an SCSP whose contract has ended': { row: { list: '', ...UNKNOWN, ...REFUSED }, events: ['foreign-object', 'foreign-session'] },
  'a peer that names another party in OCPI-from': { row: everywhere('2001'), events: ['forged-from'] }, // RTE-19, SEC-14
  'a peer with an unknown token': { row: everywhere('401'), events: [] },
  'the CPO of the other session': {
    row: { list: '', ...UNKNOWN, read: '1000', put: '1000', patch: '1000', push: '1000', result: '1000' },
    events: ['foreign-session'],
  },
};

interface Scene {
  it: Steered;
  cpo: Cpo;
  /** The response_url of the request that the node sent to the CPO. */
  resultUrl: string;
  parties: Readonly<Record<string, Sender>>;
  /** All state that a request could change. */
  state(): Promise<object>;
}
interface Sender {
  send(request: { method: string; url: string; body?: unknown }): Promise<PartnerAnswer>;
  /** The platform that sends. */
  from: Cpo | Emsp;
}

async function openScene(store: Parameters<typeof openSteered>[0], stack: AsyncDisposableStack): Promise<Scene> {
  const it = stack.use(await openSteered(store, { config }));
  const { world, clock, emsp, station } = it;
  const ownStore = stack.use(await openStore(world.database));
  const cpo = stack.use(await openCpo({ clock, profileAnswers: { PUT: { times: 0 } } }));
  const invited = await world.node().registration.invite({ role: 'CPO', country_code: 'NL', party_id: 'CPO' });
  if (!invited.ok) throw new Error(invited.problem);
  await cpo.register({ token: invited.value, versions_url: `${world.node().publicUrl}/ocpi/versions` });
  await cpo.waitForRequest(({ method, module }) => method === 'GET' && module === 'sessions');
  const scsp = (party_id: string) => world.emsp({ role: 'SCSP', party: { country_code: 'NL', party_id } });
  const [other, see, steer, old] = [
    await world.emsp({ party: { country_code: 'NL', party_id: 'TNM' } }),
    await scsp('SEE'),
    await scsp('SCS'),
    await scsp('OLD'),
  ];
  const key = sessionKeyOf(cpo, REMOTE);
  const pushed = [see, steer].map(({ role }) =>
    world.nextStep('session-pushed', ({ peer, session }) => peer === `${role.country_code}*${role.party_id}` && session === key),
  );
  await cpo.put(sessionOfCpo());
  const answered = world.nextStep('peer-answered');
  await world.node().ask(key, { kind: 'set', profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(16) }] } });
  await Promise.all([answered, ...pushed]);
  const platforms = [emsp, other, see, steer, old, cpo];
  return {
    it,
    cpo,
    resultUrl: cpo.profileRequests[0]?.responseUrl ?? '',
    parties: {
      'the eMSP whose customer charges': senderOf(emsp),
      'another eMSP': senderOf(other),
      'an SCSP that may see': senderOf(see),
      'an SCSP that may see and control': senderOf(steer),
      'an SCSP whose contract has ended': senderOf(old),
      'a peer that names another party in OCPI-from': {
        from: other,
        send: (request) => other.send({ ...request, headers: { 'OCPI-from-party-id': 'MSP' } }),
      },
      'a peer with an unknown token': { from: steer, send: (request) => steer.send({ ...request, token: 'an-unknown-token' }) },
      'the CPO of the other session': senderOf(cpo),
    },
    state: async () => {
      const tables = await Promise.all(['exchange', 'session', 'input', 'steering', 'relayed'].map((name) => ownStore.all(wholeTable(name))));
      const rows = tables.map((table) => table.filter(({ declined }) => declined !== 1)); // a refused request is on record, and changes nothing else
      return { rows, installed: [...station.installed()], received: platforms.map(({ requests }) => requests.length) };
    },
  };
}

const senderOf = (from: Cpo | Emsp): Sender => ({ from, send: from.send });
const REMOTE = 'REMOTE-1';
const sessionOfCpo = (changes: object = {}) => ({
  ...remoteSession(REMOTE, { cdr_token: { country_code: 'NL', party_id: 'EVE', uid: 'CAFE', type: 'RFID', contract_id: 'NL-EVE-C1' } }),
  ...changes,
});
const active = {
  start_date_time: moment(0),
  charging_profile: { charging_rate_unit: 'A', duration: 900, charging_profile_period: [{ start_period: 0, limit: 7 }] },
};
const wholeTable = (name: string): Query<Row> => ({ name: `whole-${name}`, sql: `SELECT * FROM ${name}`, values: [], read: (row) => row });

/** The HTTP request of each operation. */
function requestFor(operation: Operation, { it: { emsp, session }, cpo, resultUrl }: Scene, response_url: string): Parameters<Sender['send']>[0] {
  const profiles = profilesUrl(emsp, session);
  const endpoint = (identifier: string, from: { peer: Cpo['peer'] }) =>
    from.peer().endpoints.find((it) => it.identifier === identifier && it.role === 'SENDER')?.url ?? '';
  switch (operation) {
    case 'list':
      return { method: 'GET', url: `${endpoint('sessions', emsp)}?date_from=2026-01-01T00:00:00Z` };
    case 'set':
      return { method: 'PUT', url: profiles, body: { charging_profile: upTo(10), response_url } };
    case 'get':
      return { method: 'GET', url: `${profiles}?duration=60&response_url=${response_url}` };
    case 'clear':
      return { method: 'DELETE', url: `${profiles}?response_url=${response_url}` };
    case 'read':
      return { method: 'GET', url: sessionUrl(cpo, REMOTE) };
    case 'result':
      return { method: 'POST', url: resultUrl, body: { result: 'ACCEPTED' } };
    case 'put':
      return { method: 'PUT', url: sessionUrl(cpo, REMOTE), body: sessionOfCpo({ kwh: 50, last_updated: moment(60) }) };
    case 'patch':
      return { method: 'PATCH', url: sessionUrl(cpo, REMOTE), body: { kwh: 60, last_updated: moment(120) } };
    case 'push':
      return { method: 'PUT', url: `${endpoint('chargingprofiles', cpo)}/${REMOTE}`, body: active };
    default:
      return operation satisfies never;
  }
}

/** Sends the request of an operation; returns its answer as in `table`. Waits for the outcome of an ACCEPTED one; expects that a refused one changes nothing. */
async function tryOperation(operation: Operation, sender: Sender, scene: Scene): Promise<string> {
  const before = await scene.state();
  const outcome = scene.it.world.nextStep('outcome', ({ kind }) => kind === operation);
  const { origin } = new URL(sender.from.versionsUrl);
  const responseUrl = `${origin}/ocpi/${sender.from.role.role.toLowerCase()}/2.2.1/results/${operation}`;
  const answer = answerText(await sender.send(requestFor(operation, scene, responseUrl)), scene);
  if (answer === 'ACCEPTED') await outcome;
  else if (answer !== '1000') expect({ operation, ...(await scene.state()) }).toEqual({ operation, ...before });
  return answer;
}

function answerText({ http, envelope, data }: PartnerAnswer, { it: { session } }: Scene): string {
  if (http >= 400) return String(http);
  if (envelope.status_code !== 1000) return String(envelope.status_code);
  if (Array.isArray(data))
    return listOf(data)
      .map(({ id }) => (id === session ? 'own' : 'relayed'))
      .join(' ');
  return String(fieldsOf(data).result ?? envelope.status_code);
}

describe.each(stores)('each party tries each operation (%s)', (store) => {
  const stack = new AsyncDisposableStack();
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(store, stack);
  });
  afterAll(() => stack.disposeAsync());

  test.each(Object.entries(table))('SEC-14, SEC-15, SEC-16: %s', async (name, { row, events }) => {
    const { steps, nextStep } = scene.it.world;
    const earlier = steps.length;
    const sender = scene.parties[name];
    if (!sender) throw new Error(`${name} is not in the scene`);
    const reported = events.map((kind) => nextStep('security', (it) => it.kind === kind));
    const answers: Partial<Record<Operation, string>> = {};
    for (const operation of operations) answers[operation] = await tryOperation(operation, sender, scene);
    expect(answers).toEqual(row);
    await Promise.all(reported);
    const kinds = steps.slice(earlier).flatMap((it) => (it.step === 'security' ? [it.kind] : []));
    expect(kinds.sort()).toEqual(events);
  });
});
