import { expect, test } from 'vitest';
import { badge, openWorld } from '../world.ts';
import { signedIn } from './console.fixture.ts';

interface Shown {
  step: string;
  rebuilt?: boolean;
  wire?: { body?: unknown; status?: number; url?: string; answer?: { status?: number; body?: unknown } };
}

const profile = { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] };
const setFrame = expect.objectContaining({ csChargingProfiles: expect.objectContaining({ chargingProfilePurpose: 'TxProfile' }) });

test('CON-F01, CON-F02, CON-F04: an exchange and its charge point show the messages as they passed, with secrets masked', async () => {
  await using world = await openWorld({ config: { console: {} } });
  const emsp = await world.emsp();
  const station = await world.station('CP-16', { answers: { SetChargingProfile: { is: 'late', milliseconds: 1_200 } } });
  const id = await world.charging(emsp, station);
  await (await emsp.set(id, profile)).later;
  await world.firstStep('outcome', (it) => it.state === 'DELIVERED');
  const browser = await signedIn(world.node(), 'operate');
  const { items } = Object((await browser.ask('GET exchanges')).body);
  const answer = await browser.ask(`GET exchanges/${items[0].id}/messages`);
  const messages: Shown[] = Object(answer.body).messages;
  expect(messages).toMatchObject([
    {
      step: 'request',
      wire: {
        method: 'PUT',
        url: expect.stringContaining(`/chargingprofiles/${id}`),
        body: { charging_profile: profile, response_url: expect.stringMatching(/^http:[^*]*\/\*\*\*$/) },
      },
    },
    { step: 'answer', wire: { status: 200, body: { status_code: 1000, data: { result: 'ACCEPTED' } } } },
    { step: 'station-call', wire: { body: [2, expect.any(String), 'SetChargingProfile', setFrame] } },
    {
      step: 'station-answer',
      wire: { body: [3, expect.any(String), { status: 'Accepted' }] },
      wait: { because: 'station-answer', of: 'CP-16', says: expect.stringMatching(/^waited 1\.\d s for the answer of CP-16$/) },
    },
    {
      step: 'delivery',
      wire: {
        method: 'POST',
        url: expect.stringMatching(/\/\*\*\*$/),
        body: { result: 'ACCEPTED' },
        answer: { status: 200, body: { status_code: 1000 } },
      },
    },
    { step: 'end' },
  ]);
  expect(messages.filter((it) => it.rebuilt)).toEqual([]);

  const log = await browser.ask('GET stations/CP-16/messages');
  expect(log.body).toMatchObject({ actions: expect.arrayContaining(['BootNotification', 'GetConfiguration', 'SetChargingProfile', 'StartTransaction']) });
  const { items: frames } = Object((await browser.ask('GET stations/CP-16/messages?action=SetChargingProfile')).body);
  expect(frames).toMatchObject([
    {
      direction: 'received',
      type: 'result',
      action: 'SetChargingProfile',
      status: 'Accepted',
      took_ms: expect.any(Number),
      body: [3, frames[1].id, { status: 'Accepted' }],
    },
    { direction: 'sent', type: 'call', action: 'SetChargingProfile' },
  ]);
  const { items: newest, next } = Object((await browser.ask('GET stations/CP-16/messages?limit=1')).body);
  expect((await browser.ask(`GET stations/CP-16/messages?limit=1&before=${next}`)).body).toMatchObject({ items: [{ seq: newest[0].seq - 1 }] });
  expect(JSON.stringify([log.body, answer.body])).not.toContain(badge.uid);
});

test('CON-F05: the messages of an earlier run of the node are rebuilt, and marked', async () => {
  await using world = await openWorld({ config: { console: {} } });
  const emsp = await world.emsp();
  const id = await world.charging(emsp, await world.station('CP-16'));
  await (await emsp.set(id, profile)).later;
  await world.firstStep('outcome', (it) => it.state === 'DELIVERED');
  await world.restart();
  const browser = await signedIn(world.node(), 'view');
  const { items } = Object((await browser.ask('GET exchanges')).body);
  const { messages }: { messages: Shown[] } = Object((await browser.ask(`GET exchanges/${items[0].id}/messages`)).body);
  expect(messages.map((it) => [it.step, it.rebuilt, it.wire])).toEqual([
    ['request', true, undefined],
    ['answer', true, undefined],
    ['station-call', true, undefined],
    ['station-answer', true, undefined],
    ['delivery', true, undefined],
    ['end', undefined, undefined],
  ]);
});

test('CON-F06, CON-F07: an operator asks for abilities and messages again, reads how each ability was found, and both are audited', async () => {
  await using world = await openWorld({ config: { console: {} } });
  const emsp = await world.emsp();
  await world.charging(emsp, await world.station('CP-201'));
  const reader = await signedIn(world.node(), 'view');
  const browser = await signedIn(world.node(), 'operate');
  const history = async () => Object((await reader.ask('GET stations/CP-201/history')).body);
  expect(await history()).toMatchObject({
    states: [{ state: 'away' }, { state: 'connected' }],
    answers: { count: expect.any(Number), p50_ms: expect.any(Number), p95_ms: expect.any(Number) },
    abilities: expect.arrayContaining([
      { ability: 'units', how: 'stated', action: 'GetVariables', occasion: 'boot', at: expect.any(String) },
      { ability: 'composite_schedule', how: 'assumed' },
    ]),
  });
  expect(await reader.ask('POST stations/CP-201/abilities')).toMatchObject({ status: 403 });
  expect(await reader.ask('POST stations/CP-201/trigger', { message: 'Heartbeat' })).toMatchObject({ status: 403 });
  expect((await browser.ask('POST stations/CP-201/abilities')).body).toEqual({ answered: true, status: 'Stated' });
  expect((await history()).abilities).toContainEqual(expect.objectContaining({ ability: 'units', occasion: 'operator' }));
  for (const message of ['BootNotification', 'StatusNotification', 'MeterValues', 'Heartbeat'])
    expect((await browser.ask('POST stations/CP-201/trigger', { message })).body).toEqual({ answered: true, status: 'Accepted' });
  expect(await browser.ask('POST stations/CP-201/trigger', { message: 'MeterValues', evse: 'none' })).toMatchObject({ status: 400 });
  expect(await browser.ask('POST stations/CP-16/trigger', { message: 'Heartbeat' })).toMatchObject({ status: 409, body: { error: { code: 'NOT_CONNECTED' } } });
  const { items } = Object((await browser.ask('GET stations/CP-201/messages?action=TriggerMessage')).body);
  expect(items).toHaveLength(8);
  const admin = await signedIn(world.node(), 'admin');
  const audit = JSON.stringify((await admin.ask('GET audit')).body);
  expect(audit).toContain('ask-abilities');
  expect(audit).toContain('trigger-message');
});
