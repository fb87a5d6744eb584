import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WireSession } from '../../src/ocpi/sessions/session.ts';
import { type SessionChange, sessionChange } from '../../src/roles/cpo/session-changes.ts';
import { patch, put } from '../../src/roles/emsp/receive-session.ts';

const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
const period = (n: number, volume: number) => ({ start_date_time: minute(n), dimensions: [{ type: 'ENERGY' as const, volume }] });

/** One step of a session at its CPO. */
interface Turn {
  energy: number;
  ends: boolean;
  period: boolean;
  costs: boolean;
  /** The CPO tells it with a PUT, though a PATCH would do. */
  whole: boolean;
}
const turns = fc.array(fc.record({ energy: fc.nat(3), ends: fc.boolean(), period: fc.boolean(), costs: fc.boolean(), whole: fc.boolean() }), {
  minLength: 1,
  maxLength: 6,
});

const first: WireSession = {
  country_code: 'NL',
  party_id: 'CPO',
  id: 's1',
  start_date_time: minute(0),
  kwh: 0,
  cdr_token: { country_code: 'NL', party_id: 'EVK', uid: 'DEADBEEF', type: 'RFID', contract_id: 'C1' },
  auth_method: 'WHITELIST',
  location_id: 'LOC1',
  evse_uid: 'E1',
  connector_id: '1',
  currency: 'EUR',
  status: 'PENDING',
  last_updated: minute(0),
};

/** The session as it was after each turn; once it is over it stays as it is (SES-17). */
function history(course: readonly Turn[]): WireSession[] {
  const states = [first];
  for (const [n, turn] of course.entries()) {
    const before = states.at(-1) ?? first;
    if (before.status === 'COMPLETED') break;
    const periods = before.charging_periods ?? [];
    states.push({
      ...before,
      kwh: before.kwh + turn.energy,
      status: turn.ends ? 'COMPLETED' : 'ACTIVE',
      last_updated: minute(n + 1),
      ...(turn.costs && { total_cost: { excl_vat: n } }),
      ...((turn.period || periods.length > 0) && { charging_periods: turn.period ? [...periods, period(n, turn.energy)] : periods }),
      ...(turn.ends && { end_date_time: minute(n + 1) }),
    });
  }
  return states;
}

/** What the CPO says of it, in order. */
const messages = (states: readonly WireSession[], course: readonly Turn[]): SessionChange[] =>
  states.map((state, n) => (course[n - 1]?.whole ? { by: 'PUT', session: state } : sessionChange(states[n - 1], state)));

/** A receiver that gets these; `doubt` when it has reason to pull, an unknown session among them (SES-41, how-a-request-runs §7). */
function receive(stream: readonly SessionChange[]): { held: WireSession | undefined; doubt: boolean } {
  let held: WireSession | undefined;
  let doubt = false;
  for (const message of stream) {
    if (message.by === 'nothing') continue;
    if (message.by === 'PATCH' && held === undefined) {
      doubt = true;
      continue;
    }
    const received = message.by === 'PUT' ? put(held, message.session) : held && patch(held, message.patch);
    held = received?.session;
    doubt ||= received?.stale ?? false;
  }
  return { held, doubt };
}

const disorders = turns.chain((course) => {
  const states = history(course);
  const said = messages(states, course);
  return fc
    .array(fc.nat(said.length - 1), { maxLength: 4 })
    .chain((again) => fc.shuffledSubarray([...said.keys(), ...again], { minLength: said.length + again.length }))
    .map((order) => ({ states, said, order }));
});

describe('what a receiver holds of a session', () => {
  test('G-13, SES-42: in order, each message once, it is what the CPO has, and there is no doubt', () => {
    fc.assert(
      fc.property(turns, (course) => {
        const states = history(course);
        expect(receive(messages(states, course))).toEqual({ held: states.at(-1), doubt: false });
      }),
    );
  });

  test('G-13, SES-42: in any order and with any message told twice, it is what the CPO has, or the receiver knows that it must ask', () => {
    fc.assert(
      fc.property(disorders, ({ states, said, order }) => {
        const { held, doubt } = receive(order.flatMap((n) => said[n] ?? []));
        if (!doubt) expect(held).toEqual(states.at(-1));
      }),
      { numRuns: 2_000 },
    );
  });

  test('G-13, SES-42: each message told twice in a row leaves what one telling leaves', () => {
    fc.assert(
      fc.property(turns, (course) => {
        const states = history(course);
        const twice = messages(states, course).flatMap((message) => [message, message]);
        expect(receive(twice)).toEqual({ held: states.at(-1), doubt: false });
      }),
    );
  });

  test('G-13, SES-42: an end is never taken back, and energy in doubt never goes unnoticed, in whatever order', () => {
    fc.assert(
      fc.property(disorders, ({ states, said, order }) => {
        const stream = order.flatMap((n) => said[n] ?? []);
        const seen = stream.map((_, n) => receive(stream.slice(0, n + 1)));
        const ended = seen.findIndex(({ held }) => held?.status === 'COMPLETED');
        if (ended >= 0) expect(seen.slice(ended).every(({ held }) => held?.status === 'COMPLETED')).toBe(true);
        const last = seen.at(-1);
        if (last?.held?.kwh !== states.at(-1)?.kwh) expect(last?.doubt).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
