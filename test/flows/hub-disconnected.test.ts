import { describe, expect, test } from 'vitest';
import { realClock, virtualClock } from '../../sim/index.ts';
import type { Hub } from '../../sim/partner.ts';
import { amperes, epochMillis, seconds } from '../../src/domain/units.ts';
import { moment, openEmspWorld, remoteSession } from '../emsp-world.ts';
import { openHubWorld, routingOf } from '../hub-world.ts';
import { letNodesWork, letTimePass } from '../let-time-pass.ts';
import { upTo } from '../profile-requests.ts';
import { openWorld, stores } from '../world.ts';

const limit = { kind: 'set', profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(10) }] } } as const;
/** The number of requests that the node sent to parties behind the hub. */
const sentToParties = (hub: Hub) =>
  hub.requests.filter(({ headers }) => routingOf(headers).to !== 'undefined*undefined' && routingOf(headers).to !== 'NL*HUB').length;

describe.each(stores)('a party behind a hub that is not connected (%s)', (store) => {
  test('HCI-01, HCI-02: receives no session, no result and no active profile; when it is connected again, it receives the current session', async () => {
    const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
    await using world = await openWorld({ store, clock });
    await using behind = await openHubWorld(world, { clock });
    const { hub, emsp } = behind;
    const until = <T>(event: Promise<T>) => letTimePass(clock, event, `${world.node().publicUrl}/health`);
    const station = await world.station('CP-201');
    const session = await world.charging(emsp, station);
    await hub.announce(emsp.role, 'OFFLINE');
    // a message that was under way may still arrive; a later one may not
    const leaked = () => hub.requests.filter(({ module, body }) => module === 'callback' || module === 'chargingprofiles' || body.includes('COMPLETED'));

    expect((await emsp.set(session, upTo(10))).result).toBe('ACCEPTED');
    expect(await until(world.firstStep('outcome'))).toMatchObject({ state: 'UNDELIVERED', reason: 'party_offline', result: 'ACCEPTED' });
    await until(world.firstStep('active-profile-pushed', ({ outcome }) => outcome === 'UNDELIVERED (party_offline)'));
    await station.unplug(1);
    await until(world.firstStep('session-pushed', ({ outcome }) => outcome === 'UNDELIVERED (party_offline)'));
    await until(world.firstStep('session-changed', ({ status }) => status === 'COMPLETED'));
    expect(leaked().filter(({ headers }) => routingOf(headers).to === 'NL*MSP')).toEqual([]);

    await hub.announce(emsp.role, 'CONNECTED');
    await until(emsp.session(({ id, status }) => id === session && status === 'COMPLETED'));
  });

  test('HCI-02: receives the missed active profile when it is connected again', async () => {
    const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
    await using world = await openWorld({ store, clock });
    await using behind = await openHubWorld(world, { clock });
    const { hub, emsp } = behind;
    const until = <T>(event: Promise<T>) => letTimePass(clock, event, `${world.node().publicUrl}/health`);
    const session = await world.charging(emsp, await world.station('CP-201'));
    await hub.announce(emsp.role, 'OFFLINE');
    await emsp.set(session, upTo(10));
    await until(world.firstStep('active-profile-pushed', ({ outcome }) => outcome === 'UNDELIVERED (party_offline)'));
    const push = emsp.nextPush(session);
    await hub.announce(emsp.role, 'CONNECTED');
    expect(await until(push)).toMatchObject({ charging_profile: { charging_profile_period: [{ start_period: 0, limit: 10 }] } });
  });

  test.each(['OFFLINE', 'PLANNED', 'SUSPENDED'] as const)(
    'HCI-01, HCI-03: receives no request while it is %s, and the operator gets the reason',
    async (state) => {
      await using world = await openEmspWorld({ store });
      await using behind = await openHubWorld(world, { clock: realClock() });
      const { hub, cpo } = behind;
      await cpo.put(remoteSession('S1'));
      await hub.announce(cpo.role, state);
      const before = sentToParties(hub);
      for (const ask of [limit, { kind: 'get', duration: seconds(600) }, { kind: 'clear' }] as const)
        expect(await world.node().ask('NL*CPO*S1', ask)).toMatchObject({
          ok: false,
          problem: {
            code: 'NOT_CONNECTED',
            message: `NL*CPO is ${state} behind the hub NL*HUB: nothing is sent to it until the hub says that it is CONNECTED`,
          },
        });
      expect(sentToParties(hub)).toBe(before);
      await hub.announce(cpo.role, 'CONNECTED');
      expect(await world.node().ask('NL*CPO*S1', limit, { wait: seconds(15) })).toMatchObject({ ok: true, value: { state: 'CONFIRMED' } });
    },
  );

  test('HCI-02: is pulled from when it is connected again, from the start of its absence on; other parties are not', async () => {
    await using world = await openEmspWorld({ store });
    const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
    await using behind = await openHubWorld(world, {
      clock,
      before: ({ cpo }) => void cpo.sessions.set('S1', remoteSession('S1', { last_updated: moment(3600) })),
    });
    const { hub, cpo } = behind;
    await world.firstStep('session-received', ({ session }) => session === 'NL*CPO*S1');
    await hub.announce(cpo.role, 'OFFLINE');
    // The first pull is over: it would find the session that follows.
    await letNodesWork(world.node().publicUrl);
    cpo.sessions.set('S2', remoteSession('S2', { last_updated: moment(3700) }));
    await clock.advance(60_000);
    await hub.announce(cpo.role, 'CONNECTED');
    await world.firstStep('session-received', ({ session }) => session === 'NL*CPO*S2');
    const pull = hub.requests.filter(({ module }) => module === 'sessions').at(-1);
    expect([pull?.method, routingOf(pull?.headers ?? {})]).toEqual(['GET', { to: 'NL*CPO', from: 'NL*EVK' }]);
    expect(new URL(pull?.url ?? '').searchParams.get('date_from')).toBe('2026-01-31T09:55:00.000Z');
  });

  test('HCI-01: receives no request of an SCSP either, and the SCSP gets 3000', async () => {
    const extras = {
      contracts: [{ party: 'NL*SCS', may: ['see' as const, 'control' as const], tokens_of: 'NL*EVK' }],
      consents: [{ token: '*', party: 'NL*SCS', purpose: 'smart_charging' as const, text_version: '1', given_at: '2026-01-01T00:00:00Z' }],
    };
    await using world = await openEmspWorld({ store, config: extras });
    await using behind = await openHubWorld(world, { clock: realClock() });
    const { hub, cpo, scsp } = behind;
    await cpo.put(remoteSession('S1'));
    const { id } = await scsp.session(() => true);
    await hub.announce(cpo.role, 'OFFLINE');
    expect((await scsp.set(String(id), upTo(10))).answer.envelope).toMatchObject({ status_code: 3000 });
    expect(hub.requests.filter(({ module, headers }) => module === 'chargingprofiles' && routingOf(headers).to === 'NL*CPO')).toEqual([]);
  });
});
