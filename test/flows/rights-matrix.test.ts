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

/** The node is the CPO of one session and the eMSP of another, which a foreign CPO tells of; everybody tries everything with both. */
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

const REFUSED = { read: '404', result: '404', put: '404', patch: '404', push: '404' } as const; // only the CPO of a session speaks of it (TRN-35, CP-46, CP-48)
const UNKNOWN = { set: 'UNKNOWN_SESSION', get: 'UNKNOWN_SESSION', clear: 'UNKNOWN_SESSION' } as const; // as if it were not there (SEC-15)
const everywhere = (answer: string) => Object.fromEntries(operations.map((it) => [it, answer]));

/** What OCPI and the contracts say that each hears: a result, a code of OCPI, a status of HTTP, or the sessions in the list; and what an operator is told of. */
const table: Readonly<Record<string, { row: Partial<Record<Operation, string>>; noted: readonly string[] }>> = {
  'the eMSP whose customer charges': { row: { list: 'own', set: 'ACCEPTED', get: 'ACCEPTED', clear: 'ACCEPTED', ...REFUSED }, noted: ['foreign-object'] },
  'another eMSP': { row: { list: '', ...UNKNOWN, ...REFUSED }, noted: ['foreign-object', 'foreign-session'] },
  'an SCSP that may see': {
    row: { list: 'own relayed', set: 'REJECTED', get: 'ACCEPTED', clear: 'REJECTED', ...REFUSED },
    noted: ['foreign-object', 'no-contract'],
  },
  'an SCSP that may see and control': {
    row: { list: 'own relayed', set: 'ACCEPTED', get: 'ACCEPTED', clear: 'ACCEPTED', ...REFUSED },
    noted: ['foreign-object'],
  },
  'an SCSP whose contract is over': { row: { list: '', ...UNKNOWN, ...REFUSED }, noted: ['foreign-object', 'foreign-session'] },
  'who speaks in the name of the owner': { row: everywhere('2001'), noted: ['forged-from'] }, // RTE-19, SEC-14
  'who has a token of nobody': { row: everywhere('401'), noted: [] },
  'the CPO of the other session': {
    row: { list: '', ...UNKNOWN, read: '1000', put: '1000', patch: '1000', push: '1000', result: '1000' },
    noted: ['foreign-session'],
  },
};

interface Scene {
  it: Steered;
  cpo: Cpo;
  /** Where the CPO was told to post the result of what the node asked it. */
  resultUrl: string;
  whoIs: Readonly<Record<string, Asker>>;
  /** All that could have changed. */
  state(): Promise<object>;
}
interface Asker {
  ask(request: { method: string; url: string; body?: unknown }): Promise<PartnerAnswer>;
  /** Whose platform it is that asks. */
  from: Cpo | Emsp;
}

async function openScene(store: Parameters<typeof openSteered>[0], stack: AsyncDisposableStack): Promise<Scene> {
  const it = stack.use(await openSteered(store, { config }));
  const { world, clock, emsp, station } = it;
  const aside = stack.use(await openStore(world.database));
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
  await cpo.put(theirs());
  await world.node().ask(sessionKeyOf(cpo, THEIRS), { kind: 'set', profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(16) }] } });
  await world.firstStep('peer-answered');
  for (const { role } of [see, steer]) await world.firstStep('session-pushed', ({ peer }) => peer === `${role.country_code}*${role.party_id}`);
  const everyone = [emsp, other, see, steer, old, cpo];
  return {
    it,
    cpo,
    resultUrl: cpo.profileRequests[0]?.responseUrl ?? '',
    whoIs: {
      'the eMSP whose customer charges': itself(emsp),
      'another eMSP': itself(other),
      'an SCSP that may see': itself(see),
      'an SCSP that may see and control': itself(steer),
      'an SCSP whose contract is over': itself(old),
      'who speaks in the name of the owner': { from: other, ask: (request) => other.send({ ...request, headers: { 'OCPI-from-party-id': 'MSP' } }) },
      'who has a token of nobody': { from: steer, ask: (request) => steer.send({ ...request, token: 'a-token-of-nobody' }) },
      'the CPO of the other session': itself(cpo),
    },
    state: async () => {
      const rows = await Promise.all(['exchange', 'session', 'input', 'steering', 'relayed'].map((name) => aside.all(wholeTable(name))));
      return { rows, installed: [...station.installed()], heard: everyone.map(({ requests }) => requests.length) };
    },
  };
}

const itself = (from: Cpo | Emsp): Asker => ({ from, ask: from.send });
const THEIRS = 'FOREIGN-1';
const theirs = (more: object = {}) => ({
  ...remoteSession(THEIRS, { cdr_token: { country_code: 'NL', party_id: 'EVE', uid: 'CAFE', type: 'RFID', contract_id: 'NL-EVE-C1' } }),
  ...more,
});
const active = {
  start_date_time: moment(0),
  charging_profile: { charging_rate_unit: 'A', duration: 900, charging_profile_period: [{ start_period: 0, limit: 7 }] },
};
const wholeTable = (name: string): Query<Row> => ({ name: `whole-${name}`, sql: `SELECT * FROM ${name}`, values: [], read: (row) => row });

/** What each operation is on the wire, whoever sends it. */
function requestFor(operation: Operation, { it: { emsp, session }, cpo, resultUrl }: Scene, response_url: string): Parameters<Asker['ask']>[0] {
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
      return { method: 'GET', url: sessionUrl(cpo, THEIRS) };
    case 'result':
      return { method: 'POST', url: resultUrl, body: { result: 'ACCEPTED' } };
    case 'put':
      return { method: 'PUT', url: sessionUrl(cpo, THEIRS), body: theirs({ kwh: 50, last_updated: moment(60) }) };
    case 'patch':
      return { method: 'PATCH', url: sessionUrl(cpo, THEIRS), body: { kwh: 60, last_updated: moment(120) } };
    case 'push':
      return { method: 'PUT', url: `${endpoint('chargingprofiles', cpo)}/${THEIRS}`, body: active };
    default:
      return operation satisfies never;
  }
}

/** Asks, waits for the result of what was ACCEPTED, and says in a word what was heard; what is refused has changed nothing. */
async function tryOut(operation: Operation, who: Asker, scene: Scene): Promise<string> {
  const { steps, firstStep } = scene.it.world;
  const [before, earlier] = [await scene.state(), steps.length];
  const { origin } = new URL(who.from.versionsUrl);
  const responseUrl = `${origin}/ocpi/${who.from.role.role.toLowerCase()}/2.2.1/results/${operation}`;
  const answer = await who.ask(requestFor(operation, scene, responseUrl));
  const word = wordOf(answer, scene);
  if (word === 'ACCEPTED') await firstStep('outcome', (it) => it.kind === operation && steps.indexOf(it) >= earlier);
  else if (word !== '1000') expect({ operation, ...(await scene.state()) }).toEqual({ operation, ...before });
  return word;
}

function wordOf({ http, envelope, data }: PartnerAnswer, { it: { session } }: Scene): string {
  if (http >= 400) return String(http);
  if (envelope.status_code !== 1000) return String(envelope.status_code);
  if (Array.isArray(data))
    return listOf(data)
      .map(({ id }) => (id === session ? 'own' : 'relayed'))
      .join(' ');
  return String(fieldsOf(data).result ?? envelope.status_code);
}

describe.each(stores)('everybody tries everything (%s)', (store) => {
  const stack = new AsyncDisposableStack();
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(store, stack);
  });
  afterAll(() => stack.disposeAsync());

  test.each(Object.entries(table))('SEC-14, SEC-15, SEC-16: %s', async (name, { row, noted }) => {
    const { steps, firstStep } = scene.it.world;
    const earlier = steps.length;
    const who = scene.whoIs[name];
    if (!who) throw new Error(`${name} is not in the scene`);
    const heard: Partial<Record<Operation, string>> = {};
    for (const operation of operations) heard[operation] = await tryOut(operation, who, scene);
    expect(heard).toEqual(row);
    const later = () => steps.slice(earlier).flatMap((it) => (it.step === 'security' ? [it.kind] : []));
    for (const kind of noted) await firstStep('security', (it) => it.kind === kind && steps.indexOf(it) >= earlier);
    expect(later().sort()).toEqual(noted);
  });
});
