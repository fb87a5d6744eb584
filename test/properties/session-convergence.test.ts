import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WireSession } from '../../src/ocpi/sessions/session.ts';
import { atMinute, energyPeriod, wireSession } from '../../src/ocpi/sessions/wire-session.fixture.ts';
import { type SessionChange, sessionChange } from '../../src/roles/cpo/session-changes.ts';
import { patch, put } from '../../src/roles/emsp/receive-session.ts';

/** One change of a session at its CPO. */
interface Change {
  energy: number;
  ends: boolean;
  period: boolean;
  costs: boolean;
  /** The CPO sends a PUT, although a PATCH is enough. */
  whole: boolean;
}
const changeLists = fc.array(fc.record({ energy: fc.nat(3), ends: fc.boolean(), period: fc.boolean(), costs: fc.boolean(), whole: fc.boolean() }), {
  minLength: 1,
  maxLength: 6,
});

const first = wireSession({ kwh: 0, status: 'PENDING' });

/** The session at the start and after each change; an ended session does not change (SES-17). */
function statesAfter(changes: readonly Change[]): WireSession[] {
  const states = [first];
  for (const [n, change] of changes.entries()) {
    const before = states.at(-1) ?? first;
    if (before.status === 'COMPLETED') break;
    const periods = before.charging_periods ?? [];
    states.push({
      ...before,
      kwh: before.kwh + change.energy,
      status: change.ends ? 'COMPLETED' : 'ACTIVE',
      last_updated: atMinute(n + 1),
      ...(change.costs && { total_cost: { excl_vat: n } }),
      ...((change.period || periods.length > 0) && { charging_periods: change.period ? [...periods, energyPeriod(n, change.energy)] : periods }),
      ...(change.ends && { end_date_time: atMinute(n + 1) }),
    });
  }
  return states;
}

/** The messages of the CPO, in order. */
const messagesFor = (states: readonly WireSession[], changes: readonly Change[]): SessionChange[] =>
  states.map((state, n) => (changes[n - 1]?.whole ? { by: 'PUT', session: state } : sessionChange(states[n - 1], state)));

/** The session at a receiver of these messages; `stale` when it must pull, also because of a PATCH of an unknown session (SES-41, how-a-request-runs §7). */
function receive(messages: readonly SessionChange[]): { stored: WireSession | undefined; stale: boolean } {
  let stored: WireSession | undefined;
  let stale = false;
  for (const message of messages) {
    if (message.by === 'nothing') continue;
    if (message.by === 'PATCH' && stored === undefined) {
      stale = true;
      continue;
    }
    const received = message.by === 'PUT' ? put(stored, message.session) : stored && patch(stored, message.patch);
    stored = received?.session;
    stale ||= received?.stale ?? false;
  }
  return { stored, stale };
}

/** The messages in any order, up to four of them twice. */
const shuffled = changeLists.chain((changes) => {
  const states = statesAfter(changes);
  const messages = messagesFor(states, changes);
  return fc
    .array(fc.nat(messages.length - 1), { maxLength: 4 })
    .chain((again) => fc.shuffledSubarray([...messages.keys(), ...again], { minLength: messages.length + again.length }))
    .map((order) => ({ states, received: order.flatMap((n) => messages[n] ?? []) }));
});

describe('a session at its receiver', () => {
  test('G-13, SES-42: is equal to the session at the CPO and not stale, when each message arrives once and in order', () => {
    fc.assert(
      fc.property(changeLists, (changes) => {
        const states = statesAfter(changes);
        expect(receive(messagesFor(states, changes))).toEqual({ stored: states.at(-1), stale: false });
      }),
    );
  });

  test('G-13, SES-42: is equal to the session at the CPO or stale, when messages arrive in any order and some of them twice', () => {
    fc.assert(
      fc.property(shuffled, ({ states, received }) => {
        const { stored, stale } = receive(received);
        if (!stale) expect(stored).toEqual(states.at(-1));
      }),
      { numRuns: 2_000 },
    );
  });

  test('G-13, SES-42: is the same when each message arrives twice in a row', () => {
    fc.assert(
      fc.property(changeLists, (changes) => {
        const states = statesAfter(changes);
        const twice = messagesFor(states, changes).flatMap((message) => [message, message]);
        expect(receive(twice)).toEqual({ stored: states.at(-1), stale: false });
      }),
    );
  });

  test('G-13, SES-42: stays ended once it has ended, and is stale when its energy differs, in any order', () => {
    fc.assert(
      fc.property(shuffled, ({ states, received }) => {
        const after = received.map((_, n) => receive(received.slice(0, n + 1)));
        const ended = after.findIndex(({ stored }) => stored?.status === 'COMPLETED');
        if (ended >= 0) expect(after.slice(ended).every(({ stored }) => stored?.status === 'COMPLETED')).toBe(true);
        const last = after.at(-1);
        if (last?.stored?.kwh !== states.at(-1)?.kwh) expect(last?.stale).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
