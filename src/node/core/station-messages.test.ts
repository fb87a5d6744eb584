import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../../sim/clock.ts';
import { stationId } from '../../domain/ids.ts';
import { epochMillis } from '../../domain/units.ts';
import { createJournal } from './journal.ts';
import { MOST_CHARACTERS, StationMessages } from './station-messages.ts';

const id = stationId('OAK-1');
const HOUR = 3_600_000;

function open() {
  const clock = virtualClock(epochMillis(100 * HOUR));
  const journal = createJournal(() => undefined);
  const messages = new StationMessages({ clock, journal });
  const connect = () => journal.note({ step: 'station-connected', station: id, version: '1.6', epoch: 1 });
  const leave = () => journal.note({ step: 'station-disconnected', station: id });
  const sent = (...frame: unknown[]) => messages.note(id, { direction: 'sent' }, JSON.stringify(frame));
  const received = (...frame: unknown[]) => messages.note(id, { direction: 'received' }, JSON.stringify(frame));
  const states = () => messages.statesOf(id).map(({ from, is }) => [is, (from - 100 * HOUR) / HOUR]);
  return { clock, messages, connect, leave, sent, received, states };
}

describe('CON-F03: the states of a charge point', () => {
  test('it is away until it connects, and refuses from a refused limit until the next one that it takes', async () => {
    const it = open();
    await it.clock.advance(HOUR);
    it.connect();
    it.sent(2, '1', 'SetChargingProfile', {});
    await it.clock.advance(HOUR);
    it.received(3, '1', { status: 'Rejected' });
    it.sent(2, '2', 'SetChargingProfile', {});
    it.received(4, '2', 'NotSupported', '', {});
    await it.clock.advance(HOUR);
    it.sent(2, '3', 'SetChargingProfile', {});
    it.received(2, '3', 'Heartbeat', {}); // a call of the station with the same id is no answer
    it.received(3, '3', { status: 'Accepted' });
    await it.clock.advance(HOUR);
    it.leave();
    expect(it.states()).toEqual([
      ['away', 0],
      ['connected', 1],
      ['refusing', 2],
      ['connected', 3],
      ['away', 4],
    ]);
  });

  test('a refusal of another call changes nothing', () => {
    const it = open();
    it.connect();
    it.sent(2, '1', 'GetCompositeSchedule', {});
    it.received(3, '1', { status: 'Rejected' });
    expect(it.states().at(-1)).toEqual(['connected', 0]);
  });

  test('only the last 24 h are shown, from the state at their beginning', async () => {
    const it = open();
    it.connect();
    await it.clock.advance(10 * HOUR);
    it.leave();
    await it.clock.advance(20 * HOUR);
    expect(it.states()).toEqual([
      ['connected', 6],
      ['away', 10],
    ]);
  });
});

test('CON-F01: of a long message the beginning is kept, with its whole length', () => {
  const it = open();
  it.received(2, '1', 'MeterValues', { text: 'x'.repeat(MOST_CHARACTERS) });
  expect(it.messages.of(id)).toMatchObject([{ size: MOST_CHARACTERS, whole: MOST_CHARACTERS + 33, direction: 'received' }]);
});
