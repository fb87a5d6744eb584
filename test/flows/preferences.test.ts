import { describe, expect, test } from 'vitest';
import { type Fields, fieldsOf, listOf } from '../../sim/partner/wire.ts';
import type { Emsp } from '../../sim/partner.ts';
import type { Config } from '../../src/node/config/config.ts';
import { locationUrl, moment, openEmspWorld, remoteEvse, remoteLocation, remoteSession, sessionUrl } from '../emsp-world.ts';
import { errorOf, openApiClient } from '../operator-api.ts';
import { openTopology, type TopologyNode } from '../topology.ts';
import { openWorld, type StoreKind, stores } from '../world.ts';
import { consent, contract } from './delegated.fixture.ts';
import { openPlanned } from './planned.fixture.ts';

const responses = ['ACCEPTED', 'DEPARTURE_REQUIRED', 'ENERGY_NEED_REQUIRED', 'NOT_POSSIBLE', 'PROFILE_TYPE_NOT_SUPPORTED'];
const fast = { profile_type: 'FAST' };
const cheap = { profile_type: 'CHEAP', departure_time: '2030-01-01T06:00:00Z', energy_need: 20, discharge_allowed: false };
const CAPABLE = 'CHARGING_PREFERENCES_CAPABLE';
const isCapable = (uid: string) => (location: Fields) =>
  listOf(location.evses).some((it) => it.uid === uid && Array.isArray(it.capabilities) && it.capabilities.includes(CAPABLE));

/** A car that charges at a CPO node, with a remote eMSP and a remote SCSP. */
async function openCharging(store: StoreKind, config: Partial<Config> = { contracts: [contract()], consents: [consent()] }) {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await openWorld({ store, config }));
  const emsp = await world.emsp();
  const scsp = await world.emsp({ role: 'SCSP', preferences: 'ACCEPTED' });
  const station = await world.station('CP-201');
  const session = await world.charging(emsp, station);
  const resources = stack.move();
  return { world, emsp, scsp, station, session, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
const answerOf = ({ http, envelope }: Awaited<ReturnType<Emsp['prefer']>>) => [http, envelope.status_code, envelope.data];

describe.each(stores)('charging preferences of a driver at a CPO (%s)', (store) => {
  test('SES-50, SES-52, SES-57: are forwarded to the SCSP that may steer the session, and its answer is returned as a bare string', async () => {
    await using it = await openCharging(store);
    await it.emsp.location(isCapable('CP-201-1'));
    await it.scsp.session(({ id }) => id === it.session);
    for (const response of responses) {
      it.scsp.answerPreferences(response);
      expect(answerOf(await it.emsp.prefer(it.session, cheap))).toEqual([200, 1000, response]);
    }
    expect(it.scsp.preferences.at(-1)).toEqual({ path: ['NL', 'EVK', it.session, 'charging_preferences'], body: cheap });
    expect(it.world.steps.filter(({ step }) => step === 'preferences-forwarded')).toHaveLength(responses.length);
  });

  test('SES-53, SEC-15: are accepted from the eMSP of the customer only; all others get the answer for an unknown session', async () => {
    await using it = await openCharging(store);
    const other = await it.world.emsp({ party: { country_code: 'NL', party_id: 'TNM' } });
    const answers = [await other.prefer(it.session, fast), await it.scsp.prefer(it.session, fast), await it.emsp.prefer('no-such-session', fast)];
    expect(answers.map(answerOf)).toEqual(answers.map(() => [404, 2001, undefined]));
    expect(new Set(answers.map(({ envelope }) => envelope.status_message)).size).toBe(1);
    expect(it.scsp.preferences).toEqual([]);
  });

  test('SES-53: are HTTP 404 with 2001 without a contract, and the location does not show the capability', async () => {
    await using it = await openCharging(store, {});
    expect(isCapable('CP-201-1')(await it.emsp.location(({ evses }) => listOf(evses).length > 0))).toBe(false);
    const answer = await it.emsp.prefer(it.session, fast);
    expect(answerOf(answer)).toEqual([404, 2001, undefined]);
    expect(answer.envelope.status_message).toBe('EVSE CP-201-1: is not CHARGING_PREFERENCES_CAPABLE');
  });
});

describe('charging preferences of a driver at a CPO', () => {
  test('SES-53: are 404 with a contract that only permits to see, or that covers another EVSE', async () => {
    await using it = await openCharging('sqlite', { contracts: [contract({ may: ['see'] }), contract({ evses: ['CP-16-1'] })], consents: [consent()] });
    await it.emsp.location(isCapable('CP-16-1'));
    expect(answerOf(await it.emsp.prefer(it.session, fast))).toEqual([404, 2001, undefined]);
  });

  test('SES-51, TRN-43: are 2001 with the field named and not forwarded when they are invalid; unknown fields are not forwarded', async () => {
    await using it = await openCharging('sqlite');
    const answer = await it.emsp.prefer(it.session, { ...fast, profile_type: 'SLOW' });
    expect(answer.text).not.toMatch(/SCS|steer/i);
    expect([...answerOf(answer), answer.envelope.status_message]).toEqual([200, 2001, undefined, expect.stringMatching(/^profile_type: found "SLOW"/)]);
    expect(it.scsp.preferences).toEqual([]);
    await it.emsp.prefer(it.session, { ...fast, card: 'DEADBEEF' });
    expect(it.scsp.preferences).toMatchObject([{ body: fast }]);
    expect(it.scsp.preferences[0]?.body).not.toHaveProperty('card');
  });

  test('SES-56: are NOT_POSSIBLE after the end of the session', async () => {
    await using it = await openCharging('sqlite');
    await it.station.unplug(1);
    await it.emsp.session(({ id, status }) => id === it.session && status === 'COMPLETED');
    expect(answerOf(await it.emsp.prefer(it.session, fast))).toEqual([200, 1000, 'NOT_POSSIBLE']);
    expect(it.scsp.preferences).toEqual([]);
  });

  test('SEC-44: are not forwarded without the consent of the driver', async () => {
    await using it = await openCharging('sqlite', { contracts: [contract()], consents: [consent({ token: 'C0FFEE' })] });
    await it.emsp.location(isCapable('CP-201-1'));
    expect(answerOf(await it.emsp.prefer(it.session, fast))).toEqual([200, 1000, 'NOT_POSSIBLE']);
    expect(it.scsp.requests.filter(({ module, method }) => module === 'sessions' && method !== 'GET')).toEqual([]);
  });

  test('SES-53: are 404 after the SCSP did not know the message, and the location shows no capability until the SCSP renews its credentials', async () => {
    await using it = await openCharging('sqlite');
    await it.emsp.location(isCapable('CP-201-1'));
    it.scsp.answerPreferences(undefined);
    expect(answerOf(await it.emsp.prefer(it.session, fast))).toEqual([200, 1000, 'NOT_POSSIBLE']);
    expect(answerOf(await it.emsp.prefer(it.session, fast))).toEqual([404, 2001, undefined]);
    await it.emsp.location((location) => location.id === 'LOC1' && !isCapable('CP-201-1')(location));
    it.scsp.answerPreferences('ACCEPTED');
    await it.scsp.rotate();
    await it.emsp.location(isCapable('CP-201-1'));
    expect(answerOf(await it.emsp.prefer(it.session, fast))).toEqual([200, 1000, 'ACCEPTED']);
  });

  test('SES-52, CP-71, F-45: are 3000 when the SCSP does not answer; the node makes up no answer, and the eMSP does not read who steers', async () => {
    await using it = await openCharging('sqlite');
    it.scsp.behave({ sessions: { is: 'answer', http: 500 } });
    const answer = await it.emsp.prefer(it.session, fast);
    expect([...answerOf(answer), answer.envelope.status_message]).toEqual([
      200,
      3000,
      undefined,
      'the charging preferences could not be processed now: send them again later',
    ]);
  });

  test('SES-53: are 404 after the SCSP unregistered, and the location does not show the capability any more', async () => {
    await using it = await openCharging('sqlite');
    await it.emsp.location(isCapable('CP-201-1'));
    await it.scsp.unregister();
    await it.emsp.location((location) => location.id === 'LOC1' && !isCapable('CP-201-1')(location));
    expect(answerOf(await it.emsp.prefer(it.session, fast))).toEqual([404, 2001, undefined]);
  });

  test('SES-57: are accepted from the operator of the CPO too, and the answer names the party that uses them', async () => {
    await using it = await openCharging('sqlite');
    const system = await openApiClient(it.world.node());
    const { status, body } = await system.request(`PUT sessions/${it.session}/preferences`, fast);
    expect([status, body]).toEqual([200, { session: `NL*EVK*${it.session}`.toUpperCase(), answer: 'ACCEPTED', said: [{ by: 'NL*SCS', answer: 'ACCEPTED' }] }]);
  });
});

/** An eMSP node whose customer charges at a remote CPO. */
async function openCustomer(store: StoreKind, capabilities: readonly string[] = [CAPABLE]) {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await openEmspWorld({ store }));
  const cpo = await world.cpo({ preferences: 'ACCEPTED' });
  await cpo.send({ method: 'PUT', url: locationUrl(cpo, 'LOC1'), body: remoteLocation('LOC1', { evses: [remoteEvse('E1', { capabilities })] }) });
  await cpo.put(remoteSession('s1'));
  const system = await openApiClient(world.node());
  const resources = stack.move();
  const sent = () => cpo.requests.filter(({ url }) => url.includes('charging_preferences'));
  return { world, cpo, system, sent, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

describe.each(stores)('charging preferences of a customer of an eMSP (%s)', (store) => {
  test('SES-50, SES-52: are sent to the CPO of the session, and each of its answers is returned', async () => {
    await using it = await openCustomer(store);
    for (const response of responses) {
      it.cpo.answerPreferences(response);
      const { status, body } = await it.system.request('PUT sessions/s1/preferences', cheap);
      expect([status, body]).toEqual([200, { session: 'NL*CPO*S1', answer: response, said: [{ by: 'NL*CPO', answer: response }] }]);
    }
    const [first] = it.sent();
    expect([first?.method, new URL(first?.url ?? '').pathname, JSON.parse(first?.body ?? '')]).toEqual([
      'PUT',
      '/ocpi/cpo/2.2.1/sessions/s1/charging_preferences',
      cheap,
    ]);
    expect(first?.headers).toMatchObject({ 'ocpi-from-party-id': 'EVK', 'ocpi-to-party-id': 'CPO' });
  });

  test('SES-54: are not sent for an EVSE without the capability, and the refusal gives the reason', async () => {
    await using it = await openCustomer(store, ['CHARGING_PROFILE_CAPABLE']);
    const refused = await it.system.request('PUT sessions/s1/preferences', fast);
    expect([refused.status, errorOf(refused)]).toEqual([
      409,
      { code: 'NOT_SUPPORTED', message: 'EVSE E1 is not CHARGING_PREFERENCES_CAPABLE, and no party that uses preferences controls the session' },
    ]);
    expect(it.sent()).toEqual([]);
  });
});

describe('charging preferences of a customer of an eMSP', () => {
  test('SES-56: are not sent after the end of the session', async () => {
    await using it = await openCustomer('sqlite');
    await it.cpo.patch('s1', { status: 'COMPLETED', end_date_time: moment(60), last_updated: moment(60) });
    const refused = await it.system.request('PUT sessions/s1/preferences', fast);
    expect([refused.status, errorOf(refused).code, it.sent()]).toEqual([409, 'REJECTED', []]);
  });

  test('SES-51: are refused with the field named when they are invalid, and from a key with scope view', async () => {
    await using it = await openCustomer('sqlite');
    const wrong = await Promise.all(
      [{}, { profile_type: 'fast' }, { ...fast, departure_time: 'tonight' }, { ...fast, energy_need: -1 }, { ...fast, departure: '2030-01-01T06:00:00Z' }].map(
        (body) => it.system.request('PUT sessions/s1/preferences', body),
      ),
    );
    expect(wrong.map((answer) => [answer.status, errorOf(answer).field])).toEqual([
      [400, 'profile_type'],
      [400, 'profile_type'],
      [400, 'departure_time'],
      [400, 'energy_need'],
      [400, 'departure'],
    ]);
    const viewer = await openApiClient(it.world.node(), 'view');
    expect((await viewer.request('PUT sessions/s1/preferences', fast)).status).toBe(403);
    expect((await it.system.request('PUT sessions/s2/preferences', fast)).status).toBe(404);
    expect(it.sent()).toEqual([]);
  });

  test('SES-53: are refused with the name and the error of a CPO that refuses them', async () => {
    await using it = await openCustomer('sqlite');
    it.cpo.answerPreferences(undefined);
    const refused = await it.system.request('PUT sessions/s1/preferences', fast);
    expect([refused.status, errorOf(refused)]).toEqual([409, { code: 'NOT_CONNECTED', message: 'NL*CPO: http_4xx' }]);
  });
});

const PLANNER = '\nplanner: { sites: [{ location_id: LOC1, limit: 32 }] }';
const AGREED = (driver: string) => `
contracts: [{ party: NL*SCS, may: [see, control], locations: ["*"] }]
consents: [{ token: "${driver}", party: NL*SCS, purpose: smart_charging, text_version: "1", given_at: 2026-01-01T00:00:00Z }]`;

describe.each(stores)('charging preferences of a driver, between Evenkeel nodes (%s)', (store) => {
  test('SES-57: reach an SCSP that steers through the eMSP with the session id that it knows, and it answers what its plan will do', async () => {
    await using world = await openTopology('relay', { store, extras: { EMSP: AGREED('DEADBEEF'), SCSP: PLANNER } });
    const known = await world.charge();
    const [{ key } = { key: '' }] = (await world.nodes.EMSP.node.sessions({ status: 'ACTIVE' })).items;
    const system = await openApiClient(world.nodes.EMSP.node);
    const answer = async (body: object) => (await system.request(`PUT sessions/${key}/preferences`, body)).body;
    expect(await answer(fast)).toEqual({ session: key, answer: 'ACCEPTED', said: [{ by: 'NL*SCS', answer: 'ACCEPTED' }] });
    expect(await answer(cheap)).toMatchObject({ answer: 'PROFILE_TYPE_NOT_SUPPORTED' });
    const paths = world.between('EMSP', 'SCSP').flatMap(({ url }) => (url.includes('charging_preferences') ? [new URL(url, 'http://any').pathname] : []));
    expect(paths).toEqual(paths.map(() => `/ocpi/2.3.0/receiver/sessions/NL/EVK/${known.session.id}/charging_preferences`));
    expect(paths).toHaveLength(2);
    expect(key).not.toContain(known.session.id.toUpperCase());
  });

  test('SES-53, SES-54, SES-57: reach an SCSP of the CPO from the eMSP, as soon as the location shows the capability', async () => {
    await using world = await openTopology('cpo-scsp', { store, extras: { CPO: AGREED('*'), SCSP: PLANNER } });
    await world.charge();
    const { node } = world.nodes.EMSP;
    const system = await openApiClient(node);
    await capabilityShown(world.nodes.EMSP, system);
    const [{ key } = { key: '' }] = (await node.sessions({ status: 'ACTIVE' })).items;
    const { body } = await system.request(`PUT sessions/${key}/preferences`, fast);
    expect(body).toEqual({ session: key, answer: 'ACCEPTED', said: [{ by: 'NL*EVK', answer: 'ACCEPTED' }] });
    const own = await openApiClient(world.nodes.SCSP.node);
    expect((await own.request(`PUT sessions/${key}/preferences`, cheap)).body).toEqual({
      session: key,
      answer: 'PROFILE_TYPE_NOT_SUPPORTED',
      said: [{ by: 'NL*SCS', answer: 'PROFILE_TYPE_NOT_SUPPORTED' }],
    });
  });
});

/** Resolves when the location at an eMSP shows the capability; reads it again each time the eMSP receives the location. */
async function capabilityShown(emsp: TopologyNode, system: Awaited<ReturnType<typeof openApiClient>>): Promise<void> {
  for (;;) {
    const receivedBefore = emsp.steps.filter(({ step }) => step === 'location-received').length;
    const [item] = listOf((await system.request('GET locations')).body.items);
    if (item && isCapable('CP-201-1')(fieldsOf(item.location))) return;
    let received = 0;
    await emsp.firstStep('location-received', () => {
      received += 1;
      return received > receivedBefore;
    });
  }
}

describe('charging preferences that are forwarded to an SCSP', () => {
  test('SES-57: are accepted from the peer that pushed the session only', async () => {
    await using it = await openPlanned('sqlite');
    await it.cpo.put(remoteSession('s1'));
    const other = await it.world.cpo({ party: { country_code: 'NL', party_id: 'OTH' } });
    const forward = (by: typeof other, id: string) => by.send({ method: 'PUT', url: `${sessionUrl(it.cpo, id)}/charging_preferences`, body: fast });
    expect((await forward(it.cpo, 's1')).envelope).toMatchObject({ data: 'ACCEPTED', status_code: 1000 });
    expect(answerOf(await forward(other, 's1'))).toEqual([404, 2001, undefined]);
    expect(answerOf(await forward(it.cpo, 's2'))).toEqual([404, 2001, undefined]);
  });

  test('SES-57: are not accepted by an SCSP without a planner', async () => {
    await using world = await openEmspWorld({ config: { parties: [{ role: 'SCSP', country_code: 'NL', party_id: 'EVK', name: 'SCSP' }] } });
    const cpo = await world.cpo();
    await cpo.put(remoteSession('s1'));
    expect(answerOf(await cpo.send({ method: 'PUT', url: `${sessionUrl(cpo, 's1')}/charging_preferences`, body: fast }))).toEqual([404, 2000, undefined]);
  });
});
