import { describe, expect, test } from 'vitest';
import { runCommand } from '../command.ts';
import { openEmspWorld, remoteSession } from '../emsp-world.ts';
import { openApiClient } from '../operator-api.ts';
import { stores } from '../world.ts';
import { idsAtCpo, openRelayed } from './relay.fixture.ts';

const SAYS = 'the car is at 95 %, the site limit is used up';
const limit = { limit: 10, unit: 'A' };

describe.each(stores)('a request that a CPO refuses with a status_message (%s)', (store) => {
  test('F-71: the exchange, its messages, the event and the command line have the reason of the CPO', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo({ profileAnswers: { PUT: { answer: 'REJECTED', says: SAYS } } });
    await cpo.put(remoteSession('s1'));
    const api = await openApiClient(world.node());
    using stream = await api.followEvents(0);
    const { publicUrl } = world.node();
    const set = await runCommand('set', 's1', '--limit', '10A', '--wait', '--url', publicUrl, '--key', api.key);
    expect(set).toEqual({ code: 1, stdout: '', stderr: `evenkeel: 10 A on session s1 at E1 (NL*CPO*S1): REJECTED (${SAYS})\n` });
    const { items } = (await api.request('GET exchanges')).body as { items: { id: string }[] };
    expect(items).toMatchObject([{ state: 'REFUSED', outcome: 'REJECTED', reason: SAYS }]);
    const { messages } = (await api.request(`GET exchanges/${items[0]?.id}/messages`)).body as { messages: object[] };
    expect(messages).toContainEqual(expect.objectContaining({ step: 'answer', word: 'REJECTED', body: { result: 'REJECTED', timeout: 30, message: SAYS } }));
    expect(messages.at(-1)).toMatchObject({ step: 'end', name: SAYS });
    const event = await stream.firstEvent(({ kind }) => kind === 'exchange');
    expect(event).toMatchObject({ data: { outcome: 'REJECTED', reason: SAYS } });
    expect(await world.firstStep('peer-answered')).toMatchObject({ result: 'REJECTED', message: SAYS });
  });

  test('F-71: a status_message that only says "Success" is no reason', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo({ profileAnswers: { PUT: { answer: 'TOO_OFTEN', says: 'Success' } } });
    await cpo.put(remoteSession('s1'));
    const api = await openApiClient(world.node());
    await api.request('PUT sessions/s1/charging-profile', limit);
    expect(await world.firstStep('outcome')).toMatchObject({ result: 'TOO_OFTEN', reason: 'TOO_OFTEN' });
  });

  test('F-71, SEC-43: the reason reaches the SCSP through a relay, without the ids of session and driver', async () => {
    await using it = await openRelayed({ store });
    it.cpo.answerProfiles({ PUT: { answer: 'REJECTED', says: `session ${idsAtCpo.id} is locked` } });
    const { answer } = await it.request('set');
    expect(answer.envelope).toMatchObject({ status_code: 1000, status_message: `session ${it.session} is locked`, data: { result: 'REJECTED' } });
    expect(await it.exchanges()).toMatchObject([{ state: 'REFUSED', reason: `session ${idsAtCpo.id} is locked` }]);
  });
});
