import { describe, expect, test } from 'vitest';
import type { Fault } from '../../sim/partner.ts';
import { profilesUrl } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { idsAtCpo, openRelayed, secrets } from './relay.fixture.ts';

const kinds = ['set', 'get', 'clear'] as const;
const methods = { set: 'PUT', get: 'GET', clear: 'DELETE' } as const;
const active = {
  start_date_time: '2026-01-31T09:00:00Z',
  charging_profile: { charging_rate_unit: 'A', duration: 900, charging_profile_period: [{ start_period: 0, limit: 8 }] },
};

describe.each(stores)('a request that an eMSP relays to a CPO (%s)', (store) => {
  test('CP-60: every answer of the CPO reaches the SCSP unchanged, with a timeout that is five seconds longer', async () => {
    await using it = await openRelayed({ store });
    for (const kind of kinds)
      for (const answer of ['ACCEPTED', 'NOT_SUPPORTED', 'REJECTED', 'TOO_OFTEN', 'UNKNOWN_SESSION']) {
        it.cpo.answerProfiles({ [methods[kind]]: { answer, timeout: 20 } });
        const sent = await it.request(kind);
        expect([kind, sent.answer.http, sent.answer.envelope.status_code, sent.answer.data]).toEqual([kind, 200, 1000, { result: answer, timeout: 25 }]);
        expect(it.lastForwarded()).toMatchObject({ method: methods[kind], sessionId: idsAtCpo.id });
      }
    expect((await it.exchanges()).map(({ state }) => state)).toEqual(kinds.flatMap(() => ['AWAITING', ...Array(4).fill('REFUSED')]));
  });

  test('CP-61, CP-62: every result is forwarded to the response_url of the SCSP once and unchanged, with unknown fields', async () => {
    await using it = await openRelayed({ store });
    for (const kind of kinds)
      for (const result of ['ACCEPTED', 'REJECTED', 'UNKNOWN']) {
        const sent = await it.request(kind);
        const posted = { result, ...(kind === 'get' && result === 'ACCEPTED' && { profile: { ...active, x_site: 'north' } }), x_note: { of: ['the', 'CPO'] } };
        const outcome = it.world.nextStep('outcome', (step) => step.kind === kind && step.result === result);
        expect((await it.postResult(posted)).http).toBe(200);
        expect(await sent.later).toEqual(posted);
        await outcome;
        expect((await it.postResult({ result: 'REJECTED' })).http).toBe(404);
        expect(it.scsp.callbacks(sent.responseUrl)).toHaveLength(1);
      }
    expect(new Set((await it.exchanges()).map(({ state }) => state))).toEqual(new Set(['DELIVERED']));
  });
});

/** An error of a CPO, the OCPI code that the SCSP gets, and the state of the exchange. */
const failures: readonly (readonly [Fault, number, string])[] = [
  [{ is: 'ocpi', code: 2001 }, 2001, 'REFUSED'],
  [{ is: 'ocpi', code: 2003, http: 404 }, 2003, 'REFUSED'],
  [{ is: 'ocpi', code: 3000 }, 3000, 'REFUSED'],
  [{ is: 'ocpi', code: 4002 }, 3000, 'UNCERTAIN'], // a code of hubs, which a CPO must not send
  [{ is: 'answer', http: 401 }, 3000, 'REFUSED'],
  [{ is: 'answer', http: 500 }, 3000, 'UNCERTAIN'],
  [{ is: 'redirect', to: 'http://127.0.0.1:9/' }, 3000, 'UNCERTAIN'],
  [{ is: 'no-content' }, 3000, 'UNCERTAIN'],
  [{ is: 'garbage' }, 3000, 'UNCERTAIN'],
  [{ is: 'reset' }, 3000, 'UNCERTAIN'],
];

describe.each(stores)('a CPO that answers with an error (%s)', (store) => {
  test('RTE-16, CP-60: the OCPI code of the CPO is forwarded; after every other error the SCSP gets 3000 and no result, and the request is not sent again', async () => {
    await using it = await openRelayed({ store });
    it.cpo.behave({ chargingprofiles: failures.map(([fault]) => fault) });
    for (const [fault, code, state] of failures) {
      const { answer, responseUrl } = await it.request('set');
      expect([fault, answer.http, answer.envelope.status_code, answer.data]).toEqual([fault, 200, code, undefined]);
      expect([fault, (await it.exchanges()).at(-1)?.state]).toEqual([fault, state]);
      expect(it.scsp.callbacks(responseUrl)).toEqual([]);
    }
    expect(it.cpo.profileRequests).toHaveLength(failures.length);
  });

  test('CP-60: an answer with a result counts as that result, whatever its OCPI code (A-12)', async () => {
    await using it = await openRelayed({ store });
    it.cpo.behave({
      chargingprofiles: { is: 'answer', http: 200, body: JSON.stringify({ status_code: 2001, data: { result: 'NOT_SUPPORTED', timeout: 5 } }) },
    });
    expect((await it.request('set')).answer).toMatchObject({ http: 200, envelope: { status_code: 1000 }, data: { result: 'NOT_SUPPORTED', timeout: 10 } });
  });

  test('SEC-13: the same request sent twice gets the same answer, with the session id of the SCSP, and reaches the CPO once', async () => {
    await using it = await openRelayed({ store });
    const answerWith = (envelope: object) => ({ is: 'answer', http: 200, body: JSON.stringify({ timestamp: '2026-01-31T09:00:00Z', ...envelope }) }) as const;
    const status_message = `session ${idsAtCpo.id} is full`;
    it.cpo.behave({
      chargingprofiles: [
        answerWith({ status_code: 2000, status_message, data: { result: 'REJECTED', timeout: 5 } }),
        answerWith({ status_code: 2003, status_message }),
        answerWith({ status_code: 1000, data: { result: 'ACCEPTED', timeout: 5 } }),
      ],
    });
    for (const n of [1, 2, 3]) {
      const send = () =>
        it.scsp.send({
          method: 'DELETE',
          url: `${profilesUrl(it.scsp, it.session)}?response_url=${new URL(it.scsp.versionsUrl).origin}/r/${n}`,
          headers: { 'X-Request-ID': `request-${n}` },
        });
      const answers = [await send(), await send()].map(({ http, envelope: { timestamp: _, ...envelope } }) => ({ http, ...envelope }));
      expect(answers[1]).toEqual(answers[0]);
      expect(JSON.stringify(answers)).not.toContain(idsAtCpo.id);
      if (n < 3) expect(answers[0]).toMatchObject({ status_message: `session ${it.session} is full` });
      expect(it.cpo.profileRequests).toHaveLength(n);
    }
  });

  test('CP-66: a forwarded status message contains no id of the driver or of the session at the CPO', async () => {
    await using it = await openRelayed({ store });
    const status_message = `${idsAtCpo.uid} ${idsAtCpo.contractId.toLowerCase()} ${idsAtCpo.reference} at ${idsAtCpo.id.toLowerCase()}`;
    const body = JSON.stringify({ status_code: 2000, status_message, timestamp: '2026-01-31T09:00:00Z', data: { result: 'REJECTED', timeout: 5 } });
    it.cpo.behave({ chargingprofiles: { is: 'answer', http: 200, body } });
    const { answer } = await it.request('set');
    for (const secret of secrets) expect(answer.text.toUpperCase()).not.toContain(secret.toUpperCase());
    expect(String(answer.envelope.status_message)).toContain(it.session);
  });
});
