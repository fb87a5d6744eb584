import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { virtualClock } from '../../sim/clock.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { letNodesWork } from '../let-time-pass.ts';
import { observeStatements } from '../observe-statements.ts';
import { upTo } from '../profile-requests.ts';
import { openWorld, stores } from '../world.ts';

const REPLY_SENT = 'http.server.response.finish';

/** A record of the statements that a node runs; `happened` emits the name of each. */
function recordStatements() {
  const names: string[] = [];
  const happened = new EventEmitter();
  const note = (name: string) => {
    names.push(name);
    happened.emit(name);
  };
  return { names, happened, note, around: observeStatements(({ name }) => note(name)) };
}

test.each(stores)('R-16: for a session of somebody else the node does the same until its reply is sent as for one that does not exist (%s)', async (store) => {
  const statements = recordStatements();
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
  await using world = await openWorld({ store, clock, aroundStore: statements.around });
  const [owner, other] = [await world.emsp(), await world.emsp({ role: 'SCSP' })];
  const session = await world.charging(owner, await world.station('CP-201'));
  const isOver = world.firstStep('outcome');
  await (await owner.set(session, upTo(16))).later;
  await isOver;

  /** What the node reads and writes for the request of `other` until its reply is sent; resolves when `last` has happened, too. */
  async function statementsFor(sessionId: string, last: string) {
    const sent = (message: unknown) => {
      const { request } = message as { request: IncomingMessage };
      if (request.url?.includes(`/${sessionId}`)) statements.note('reply');
    };
    await letNodesWork(world.node().publicUrl); // pushes of the location and the session, which have begun to charge, are over
    statements.names.length = 0;
    subscribe(REPLY_SENT, sent);
    const ended = Promise.all([once(statements.happened, 'reply'), once(statements.happened, last)]);
    expect((await other.set(sessionId, upTo(10))).result).toBe('UNKNOWN_SESSION');
    await ended;
    unsubscribe(REPLY_SENT, sent);
    return statements.names.slice(0, statements.names.indexOf('reply'));
  }
  await statementsFor('ANOTHER', 'session-exists'); // from here on the node knows the token of this peer
  const absent = await statementsFor('NOSUCH', 'session-exists');
  const foreign = await statementsFor(session, 'add-event');
  expect(foreign).toEqual(absent);
  expect(foreign).toContain('access-with-inputs');
  expect(foreign).not.toContain('session-exists');
});
