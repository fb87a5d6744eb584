import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnswerBehaviour, ChargePoint } from '../../sim/index.ts';
import type { AskKind } from '../../src/domain/exchange.ts';
import { stores } from '../world.ts';
import { findViolations } from './checker.ts';
import { faults, KILL_POINTS, type KillPoint } from './faults.ts';
import type { SentRequest, StoredRequest } from './history.ts';
import { type KillWorld, openKillWorld } from './kill-world.ts';

/** The OCPP action of each request. */
const ACTIONS = { set: 'SetChargingProfile', get: 'GetCompositeSchedule', clear: 'ClearChargingProfile' } as const satisfies Record<AskKind, string>;

interface Expected {
  answer: 'ACCEPTED' | 'lost';
  state: StoredRequest['state'] | undefined;
  reason?: string;
  /** Calls to the charge point. */
  calls: number;
  /** Results at the eMSP. */
  results: number;
}
/** What must hold after the restart (requirements, kill points). */
const outcomes: Record<KillPoint, Expected> = {
  K1: { answer: 'lost', state: undefined, calls: 0, results: 0 },
  K2: { answer: 'lost', state: 'DELIVERED', reason: 'cp', calls: 1, results: 1 },
  K3: { answer: 'ACCEPTED', state: 'DELIVERED', reason: 'cp', calls: 1, results: 1 },
  K4: { answer: 'ACCEPTED', state: 'DELIVERED', reason: 'cp', calls: 1, results: 1 },
  K5: { answer: 'ACCEPTED', state: 'DELIVERED', reason: 'cp', calls: 2, results: 1 },
  K6: { answer: 'ACCEPTED', state: 'DELIVERED', reason: 'cp', calls: 2, results: 1 },
  K7: { answer: 'ACCEPTED', state: 'DELIVERED', reason: 'cp', calls: 1, results: 1 },
  K8: { answer: 'ACCEPTED', state: 'DELIVERY_UNKNOWN', reason: 'crash', calls: 1, results: 0 },
  K9: { answer: 'ACCEPTED', state: 'DELIVERY_UNKNOWN', reason: 'crash', calls: 1, results: 1 },
  K10: { answer: 'ACCEPTED', state: 'DELIVERY_UNKNOWN', reason: 'crash', calls: 1, results: 1 },
};

const isFault = (point: KillPoint): point is keyof typeof faults => point in faults;

// The nodes of the two stores run at the same time; the tests of each node run one after the other.
describe.concurrent.each(stores)('a node that is killed (%s)', { timeout: 60_000 }, (store) => {
  let world: KillWorld;
  let station: ChargePoint;
  let session: string;
  let connected: () => Promise<void>;
  let limit = 6;
  beforeAll(async () => {
    world = await openKillWorld(store, 60);
    ({ station, session, connected } = await world.station('CP-16'));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** Sends a request and kills the node at this point; resolves when the process has ended. */
  async function requestAndKill(point: KillPoint, kind: AskKind): Promise<SentRequest> {
    const { node, emsp } = world;
    const ended = node.ended();
    if (point === 'K5') station.behave({ answers: { [ACTIONS[kind]]: { is: 'late', milliseconds: 60_000 } satisfies AnswerBehaviour } });
    if (point === 'K9') emsp.behave({ callback: { is: 'hang' } });
    const called = point === 'K5' ? station.next(ACTIONS[kind]) : undefined;
    if (isFault(point)) await node.arm(point);
    const reached = point === 'K3' ? node.nextReport('reached') : undefined;
    const sent = await world.request(kind, session, limit);
    await (point === 'K9' ? emsp.waitForRequest((it) => it.url === sent.responseUrl) : (called ?? reached));
    if (point === 'K3' || point === 'K5' || point === 'K9') node.signal('SIGKILL');
    await ended;
    station.behave({ answers: {} });
    emsp.behave({});
    return sent;
  }

  async function restart(): Promise<void> {
    await world.node.start();
    await connected();
    await world.allEnded();
  }

  function callsOf(row: StoredRequest | undefined): number {
    const ids = [row?.messageId, row?.earlierMessageId];
    return station.frames.filter(({ from, frame }) => from === 'node' && Array.isArray(frame) && ids.includes(frame[1])).length;
  }

  async function outcomeOf(sent: SentRequest) {
    const row = await world.rowOf(sent);
    const results = world.emsp.requests.filter(({ url, method }) => url === sent.responseUrl && method === 'POST').length;
    return { answer: sent.answer, state: row?.state, ...(row?.reason !== undefined && { reason: row.reason }), calls: callsOf(row), results };
  }

  // Points at which the charge point may already have the call. Each kind of request is sent again in its own way; the stores do not differ in it.
  const ambiguous = store === 'sqlite' ? (['K4', 'K5', 'K6'] as const) : (['K6'] as const);
  describe.each<[AskKind, readonly KillPoint[]]>([
    ['get', ambiguous],
    ['set', KILL_POINTS],
    ['clear', ambiguous],
  ])('while it dispatches a %s', { concurrent: false }, (kind, points) => {
    test.each(points)('G-07: %s', async (point) => {
      limit += 0.5;
      if (kind === 'clear') {
        const set = await world.request('set', session, limit);
        await world.allEnded();
        expect(await world.rowOf(set)).toMatchObject({ state: 'DELIVERED', result: 'ACCEPTED' });
      }
      const sent = await requestAndKill(point, kind);
      await restart();
      expect(await outcomeOf(sent)).toEqual(outcomes[point]);
    });
  });

  test('G-05, G-06: every accepted request has its outcome, no result was posted twice, and the charge point has the profile that was accepted last', {
    concurrent: false,
  }, async () => {
    expect(findViolations(await world.history())).toEqual([]);
    expect(world.node.errors).toEqual([]);
  });
});
