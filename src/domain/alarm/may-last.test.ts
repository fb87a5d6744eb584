import { describe, expect, test } from 'vitest';
import { epochMillis } from '../units.ts';
import type { Alarm } from './alarm.ts';
import { noFacts } from './facts.ts';
import { mayLast } from './may-last.ts';

const START = Date.UTC(2026, 0, 31, 9);
const at = (seconds: number) => epochMillis(START + seconds * 1_000);
const fault = { session: { countryCode: 'NL', partyId: 'EVK', id: 'S1' }, station: undefined, is: 'deviates' } as never;

describe('an alarm that a look did not find', () => {
  interface Case {
    name: string;
    kind: Alarm['kind'];
    /** s after the start. */
    seen: number;
    now: number;
    sessions: number;
    lasts: boolean;
  }
  test.each<Case>([
    { name: 'a site above its limit before the start may still be above it', kind: 'site-above-limit', seen: -5, now: 59, sessions: 0, lasts: true },
    { name: 'a charge point from before the start has had its time to connect', kind: 'station-away', seen: -5, now: 60, sessions: 0, lasts: false },
    { name: 'a site above its limit in this run is not above it any more', kind: 'site-above-limit', seen: 12, now: 15, sessions: 0, lasts: false },
    { name: 'a node that was not ready in this run is ready', kind: 'node-not-ready', seen: 0, now: 2, sessions: 0, lasts: false },
    { name: 'a session was read', kind: 'session-deviates', seen: 5, now: 8, sessions: 2, lasts: false },
    { name: 'a session may be among those that were not read', kind: 'session-deviates', seen: 5, now: 8, sessions: 3, lasts: true },
    { name: 'results are read from the store', kind: 'results-undelivered', seen: -5, now: 8, sessions: 3, lasts: false },
  ])('CON-B02: $name', ({ kind, seen, now, sessions, lasts }) => {
    const facts = { ...noFacts(at(now)), sessions: Array.from({ length: sessions }, () => fault) };
    expect(mayLast({ kind, lastSeen: at(seen) }, { facts, startedAt: at(0), most: 3 })).toBe(lasts);
  });
});
