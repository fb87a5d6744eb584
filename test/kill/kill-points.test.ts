import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnswerBehaviour, ChargePoint } from '../../sim/index.ts';
import type { AskKind } from '../../src/domain/exchange.ts';
import { stores } from '../world.ts';
import { findViolations } from './checker.ts';
import { faults, KILL_POINTS, type KillPoint } from './faults.ts';
import type { SentRequest, StoredRequest } from './history.ts';
import { type KillWorld, openKillWorld } from './kill-world.ts';

/** OCPP's name of the call that each request becomes. */
const ACTIONS = { set: 'SetChargingProfile', get: 'GetCompositeSchedule', clear: 'ClearChargingProfile' } as const satisfies Record<AskKind, string>;

/** What must hold after the restart (reliability, table of kill points): how often the charge point was called, how often the eMSP was told. */
const outcomes: Record<KillPoint, { answer: 'ACCEPTED' | 'lost'; state: StoredRequest['state'] | undefined; reason?: string; calls: number; told: number }> = {
  K1: { answer: 'lost', state: undefined, calls: 0, told: 0 },
  K2: { answer: 'lost', state: 'DELIVERED', reason: 'cp', calls: 1, told: 1 },
  K3: { answer: 'ACCEPTED', state: 'DELIVERED', reason: 'cp', calls: 1, told: 1 },
  K4: { answer: 'ACCEPTED', state: 'DELIVERED', reason: 'cp', calls: 1, told: 1 },
  K5: { answer: 'ACCEPTED', state: 'DELIVERED', reason: 'cp', calls: 2, told: 1 },
  K6: { answer: 'ACCEPTED', state: 'DELIVERED', reason: 'cp', calls: 2, told: 1 },
  K7: { answer: 'ACCEPTED', state: 'DELIVERED', reason: 'cp', calls: 1, told: 1 },
  K8: { answer: 'ACCEPTED', state: 'DELIVERY_UNKNOWN', reason: 'crash', calls: 1, told: 0 },
  K9: { answer: 'ACCEPTED', state: 'DELIVERY_UNKNOWN', reason: 'crash', calls: 1, told: 1 },
  K10: { answer: 'ACCEPTED', state: 'DELIVERY_UNKNOWN', reason: 'crash', calls: 1, told: 1 },
};

const isFault = (point: KillPoint): point is keyof typeof faults => point in faults;

// The two nodes share the machine; what happens to one of them happens in its order.
describe.concurrent.each(stores)('a node that is killed (%s)', { timeout: 60_000 }, (store) => {
  let arena: KillWorld;
  let station: ChargePoint;
  let session: string;
  let limit = 6;
  beforeAll(async () => {
    arena = await openKillWorld(store, 60);
    ({ station, session } = await arena.station('CP-16'));
  });
  afterAll(() => arena[Symbol.asyncDispose]());

  /** Asks, and kills the node at that point; resolves when it is gone. */
  async function askAndKill(point: KillPoint, kind: AskKind): Promise<SentRequest> {
    const { node, emsp } = arena;
    const gone = node.ended();
    if (point === 'K5') station.behave({ answers: { [ACTIONS[kind]]: { is: 'late', milliseconds: 60_000 } satisfies AnswerBehaviour } });
    if (point === 'K9') emsp.behave({ callback: { is: 'hang' } });
    const seen = point === 'K5' ? station.next(ACTIONS[kind]) : undefined;
    if (isFault(point)) await node.arm(point);
    const reached = point === 'K3' ? node.nextReport('reached') : undefined;
    const asked = await arena.request(kind, session, limit);
    await (point === 'K9' ? emsp.waitForRequest((it) => it.url === asked.responseUrl) : (seen ?? reached));
    if (point === 'K3' || point === 'K5' || point === 'K9') node.signal('SIGKILL');
    await gone;
    station.behave({ answers: {} });
    emsp.behave({});
    return asked;
  }

  async function startAgain(): Promise<void> {
    await arena.node.start();
    if (!station.connected) await arena.node.nextReport('connected');
    await arena.allEnded();
  }

  function callsOf(row: StoredRequest | undefined): number {
    const ids = [row?.messageId, row?.earlierMessageId];
    return station.frames.filter(({ from, frame }) => from === 'node' && Array.isArray(frame) && ids.includes(frame[1])).length;
  }

  async function outcomeOf(asked: SentRequest) {
    const row = await arena.rowOf(asked);
    const told = arena.emsp.requests.filter(({ url, method }) => url === asked.responseUrl && method === 'POST').length;
    return { answer: asked.answer, state: row?.state, ...(row?.reason !== undefined && { reason: row.reason }), calls: callsOf(row), told };
  }

  // Where the charge point may or may not have it, each request is carried once more in its own way; no store differs there.
  const ambiguous = store === 'sqlite' ? (['K4', 'K5', 'K6'] as const) : (['K6'] as const);
  describe.each<[AskKind, readonly KillPoint[]]>([
    ['get', ambiguous],
    ['set', KILL_POINTS],
    ['clear', ambiguous],
  ])('while it carries a %s', { concurrent: false }, (kind, points) => {
    test.each(points)('G-07: %s', async (point) => {
      limit += 0.5;
      if (kind === 'clear') {
        const set = await arena.request('set', session, limit);
        await arena.allEnded();
        expect(await arena.rowOf(set)).toMatchObject({ state: 'DELIVERED', result: 'ACCEPTED' });
      }
      const asked = await askAndKill(point, kind);
      await startAgain();
      expect(await outcomeOf(asked)).toEqual(outcomes[point]);
    });
  });

  test('G-05, G-06: nothing accepted was silent, nothing was told twice, and the charge point holds what was accepted last', {
    concurrent: false,
  }, async () => {
    expect(findViolations(await arena.history())).toEqual([]);
    expect(arena.node.errors).toEqual([]);
  });
});
