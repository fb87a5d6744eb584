import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacksPromtool } from '../../scripts/test-promtool.ts';
import { type ChargePoint, virtualClock } from '../../sim/index.ts';
import type { Emsp } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { letTimePass } from '../let-time-pass.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { openWorld } from '../world.ts';
import { type Rule, rules, runPromtool, Scrapes, unreadable } from './scrapes.ts';

const missing = lacksPromtool();
if (missing !== undefined) console.warn(`not tried: ${missing}`);
/** The tests below need promtool. */
const evaluators = missing === undefined ? ['promtool'] : [];

const ruleOf = (name: string): Rule => {
  const rule = rules().find(({ alert }) => alert === name);
  if (!rule) throw new Error(`no rule ${name} in deploy/alerts.yaml`);
  return rule;
};

/** A store that can be slow, away, or fail for one query. */
function faultyStore() {
  const faults = { slow: 0, away: false, failing: '' };
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
  const aroundStore = (store: Store): Store => {
    const call = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
      if (faults.away) throw new StoreUnavailable('the connection is closed');
      if (faults.failing !== '' && name === faults.failing) throw new Error('canceling statement due to statement timeout');
      if (faults.slow > 0 && name === 'commit') await new Promise<void>((resolve) => void clock.after(faults.slow, resolve));
      return run();
    };
    return {
      kind: store.kind,
      first: (query) => call(query.name, () => store.first(query)),
      all: (query) => call(query.name, () => store.all(query)),
      commit: (writes) => call('commit', () => store.commit(writes)),
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    };
  };
  return { faults, clock, aroundStore };
}

const SITES = [
  {
    name: 'garage',
    rule: 'equal' as const,
    time_zone: 'UTC',
    voltage: 230,
    limit: { a: 60 },
    meter: { fallback: { a: 20 }, margin: 2 },
    evses: [{ uid: 'CP-16-1' }, { uid: 'CP-201-1' }],
  },
];

/** A node with a site, a metered building, an eMSP and a charging car, whose metrics are scraped. */
async function openOperated() {
  await using stack = new AsyncDisposableStack();
  const { faults, clock, aroundStore } = faultyStore();
  const world = stack.use(await openWorld({ clock, aroundStore, config: { sites: SITES } }));
  const client = await openApiClient(world.node());
  const scrapes = new Scrapes(clock, () => world.node().publicUrl);
  const until = <T>(event: Promise<T>) => letTimePass(clock, event, world.node().publicUrl);
  const measure = () => until(client.request('PUT sites/garage/meter', { a: [10, 10, 10] }));
  const emsp = await world.emsp();
  const point = await world.station('CP-201');
  const session = await until(world.charging(emsp, point));
  await measure();
  await clock.advance(2_000);
  const kept = stack.move();
  const it = { world, faults, clock, client, scrapes, until, measure, emsp, point, session };
  return { ...it, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
type Operated = Awaited<ReturnType<typeof openOperated>>;

/** A fault: what happens, until the moment at which it shows; and how it ends. */
interface Injected {
  alerts: readonly string[];
  begin(it: Operated): Promise<unknown> | unknown;
  end(it: Operated): Promise<unknown> | unknown;
  /** The building is not measured meanwhile. */
  unmeasured?: true;
}

const set = async ({ emsp, session, until }: Operated, amperes: number) => until((await emsp.set(session, upTo(amperes))).later);
/** A set whose result does not arrive; resolves with its outcome. */
async function setUntilEnded({ emsp, session, until, world }: Pick<Operated, 'emsp' | 'session' | 'until' | 'world'>, amperes: number): Promise<unknown> {
  const ended = world.nextStep('outcome');
  await emsp.set(session, upTo(amperes));
  return until(ended);
}
const behave = (emsp: Emsp, faults: Parameters<Emsp['behave']>[0]) => emsp.behave(faults);
const answers = (point: ChargePoint, status: string) => point.behave({ answers: { SetChargingProfile: { is: 'answer', payload: { status } } } });

/** A car that draws more than its charge point lets it. */
async function chargeAbove({ world, emsp, until }: Operated): Promise<void> {
  const point = await world.station('CP-16', { drawsAbove: 40 });
  await until(world.charging(emsp, point));
}

const FAULTS: Readonly<Record<string, Injected>> = {
  'a peer that is away': {
    alerts: ['EvenkeelPeerAway', 'EvenkeelResultsUndelivered'],
    begin: async (it) => {
      behave(it.emsp, { callback: { is: 'away' }, sessions: { is: 'away' }, chargingprofiles: { is: 'away' } });
      for (const amperes of [15, 14, 13]) await setUntilEnded(it, amperes);
    },
    end: (it) => {
      behave(it.emsp, {});
      return set(it, 20);
    },
  },
  'a charge point that does not answer': {
    alerts: ['EvenkeelStationsSilent'],
    begin: (it) => {
      it.point.behave({ answers: { SetChargingProfile: { is: 'never' } } });
      return setUntilEnded(it, 12);
    },
    end: (it) => {
      it.point.behave({ answers: {} });
      return set(it, 20);
    },
  },
  'a charge point that refuses limits': {
    alerts: ['EvenkeelAlarm'],
    begin: async (it) => {
      answers(it.point, 'Rejected');
      for (const amperes of [11, 10]) await set(it, amperes);
    },
    end: (it) => {
      it.point.behave({ answers: {} });
      return set(it, 20);
    },
  },
  'a charge point that is away': {
    alerts: ['EvenkeelStationsAway'],
    begin: async ({ world, clock }) => {
      const other = await world.station('CP-16');
      await clock.advance(2_000);
      const gone = world.nextStep('station-disconnected');
      await other[Symbol.asyncDispose]();
      await gone;
    },
    end: ({ world }) => world.station('CP-16'),
  },
  'a meter that is silent': {
    alerts: ['EvenkeelMeterSilent'],
    unmeasured: true,
    begin: ({ until, world }) => until(world.nextStep('site-meter-silent')),
    end: ({ measure }) => measure(),
  },
  'a clock that jumps': {
    alerts: ['EvenkeelClockJumped', 'EvenkeelBackgroundError'],
    begin: ({ clock }) => clock.set(3_600_000),
    end: () => undefined,
  },
  'a job that fails': {
    alerts: ['EvenkeelJobFails', 'EvenkeelBackgroundError', 'EvenkeelRightsUnchecked'],
    begin: ({ faults, world, until }) => {
      faults.failing = 'expired-rights';
      return until(world.nextStep('security', ({ kind }) => kind === 'rights-unchecked'));
    },
    end: ({ faults }) => {
      faults.failing = '';
    },
  },
  'a party that speaks for another': {
    alerts: ['EvenkeelSecurity'],
    begin: ({ emsp, world, session }) =>
      emsp.send({
        method: 'PUT',
        url: `${world.node().publicUrl}/ocpi/2.2.1/receiver/chargingprofiles/${session}`,
        body: { charging_profile: upTo(6), response_url: emsp.versionsUrl },
        headers: { 'OCPI-from-country-code': 'NL', 'OCPI-from-party-id': 'TNM' },
      }),
    end: () => undefined,
  },
  'a slow database': {
    alerts: ['EvenkeelDatabaseSlow'],
    begin: ({ faults }) => {
      faults.slow = 600;
    },
    end: ({ faults }) => {
      faults.slow = 0;
    },
  },
  'a database that is lost': {
    alerts: ['EvenkeelNotReady'],
    begin: ({ faults }) => {
      faults.away = true;
    },
    end: ({ faults }) => {
      faults.away = false;
    },
  },
  'a charge point that accepts a limit and keeps a higher one': {
    alerts: ['EvenkeelStationDeviates'],
    begin: async (it) => {
      const deviates = it.world.nextStep('deviation');
      it.point.behave({ answers: { SetChargingProfile: { is: 'answer', payload: { status: 'Accepted' } } } });
      await set(it, 8);
      await it.until(deviates);
    },
    end: () => undefined,
  },
  'a car above its limit': {
    alerts: ['EvenkeelCarAboveLimit'],
    begin: async (it) => {
      const above = it.world.nextStep('metered-above-limit');
      await chargeAbove(it);
      await it.until(above);
    },
    end: () => undefined,
  },
  'a site above its limit': {
    alerts: ['EvenkeelSiteAboveLimit'],
    begin: async (it) => {
      it.point.behave({ answers: { SetChargingProfile: { is: 'never' } } });
      const exceeded = it.world.nextStep('site-exceeded');
      await it.until(it.client.request('PUT sites/limits?node=garage', { a: 15 }));
      await it.until(exceeded);
    },
    end: () => undefined,
  },
};

test('OPS-D11: each rule has been raised by a fault', () => {
  const raised = [...Object.values(FAULTS).flatMap(({ alerts }) => alerts), 'EvenkeelDown', 'EvenkeelEventLoopSlow', 'EvenkeelFilesNearlyUsed'];
  expect(rules().filter(({ alert }) => !raised.includes(alert))).toEqual([]);
});

describe.each(evaluators)('the alerts, evaluated by %s', () => {
  test('OPS-D10: nothing is raised in ten quiet minutes with a charging car and set limits', { timeout: 60_000 }, async () => {
    await using it = await openOperated();
    await it.scrapes.scrape();
    for (const amperes of [16, 10, 24, 32]) {
      expect(await set(it, amperes)).toEqual({ result: 'ACCEPTED' });
      await it.scrapes.pass(150, it.measure);
    }
    it.scrapes.expectQuiet(0);
    expect(it.scrapes.verdict()).toBe('');
  });

  test.each(Object.entries(FAULTS))('OPS-D11: %s raises its alert within 10 s', { timeout: 60_000 }, async (_, { alerts, begin, end, unmeasured }) => {
    await using it = await openOperated();
    await it.scrapes.scrape();
    await it.scrapes.pass(60, it.measure);
    it.scrapes.expectQuiet(0);
    const since = it.scrapes.now;
    await begin(it);
    await it.scrapes.pass(10, unmeasured ? undefined : it.measure);
    for (const alert of alerts) it.scrapes.expectRaised(ruleOf(alert), since);
    await it.scrapes.pass(60, unmeasured ? undefined : it.measure);
    expect(it.scrapes.verdict()).toBe('');
    await end(it);
  });

  test('OPS-D11: a node with too little CPU, or with nearly all files open, raises its alert', () => {
    const target = 'instance="node-1",job="evenkeel"';
    const series = [
      { series: `nodejs_eventloop_lag_p99_seconds{${target}}`, values: '0.02x11 0.8x12' },
      { series: `process_open_fds{${target}}`, values: '100x11 900x24' },
      { series: `process_max_fds{${target}}`, values: '1000x36' },
    ];
    const promql_expr_test = [
      { expr: 'ALERTS', eval_time: '55s', exp_samples: [] },
      ...[
        ['EvenkeelEventLoopSlow', '90s'],
        ['EvenkeelFilesNearlyUsed', '2m'],
      ].map(([alert, eval_time]) => ({
        expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
        eval_time,
        exp_samples: [{ labels: '{}', value: 1 }],
      })),
    ];
    const tests = [{ interval: '5s', input_series: series, promql_expr_test }];
    expect(runPromtool(JSON.stringify({ rule_files: ['alerts.yaml'], evaluation_interval: '5s', tests }))).toBe('');
  });

  test('OPS-D12: each expression of the boards of Grafana can be read', () => {
    const folder = join(import.meta.dirname, '../../deploy/grafana');
    const boards = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    const expressions = boards.flatMap((board) =>
      JSON.parse(board).panels.flatMap((panel: { targets: { expr: string }[] }) => panel.targets.map(({ expr }) => expr)),
    );
    expect(unreadable(expressions)).toBe('');
    expect(unreadable(['sum(']).length).toBeGreaterThan(0);
  });

  test('OPS-D11: a node that does not answer raises its alert within 10 s', async () => {
    await using it = await openOperated();
    await it.scrapes.scrape();
    await it.scrapes.pass(20, it.measure);
    const since = it.scrapes.now;
    it.scrapes.scrapeNothing(10);
    it.scrapes.expectRaised(ruleOf('EvenkeelDown'), since);
    it.scrapes.scrapeNothing(20);
    expect(it.scrapes.verdict()).toBe('');
  });
});
