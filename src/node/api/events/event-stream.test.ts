import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../../../sim/index.ts';
import { epochMillis } from '../../../domain/units.ts';
import type { EventView } from '../sessions/schemas.ts';
import type { EventLog } from './event-log.ts';
import { streamEvents } from './event-stream.ts';

/** A response over a real socket whose other end reads only when it is told to. */
async function openResponse() {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const asked = once(server, 'request');
  const reader = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  reader.on('error', () => undefined); // the server may cut it off
  reader.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [, response]: [unknown, ServerResponse] = Object(await asked);
  return {
    reader,
    response,
    [Symbol.asyncDispose]: async () => {
      reader.destroy();
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** Events without end, and how many of them were taken. */
function endless(): EventLog & { taken: number } {
  const event = (id: number): EventView => ({ id, kind: 'gap', at: 'x'.repeat(16_384), data: { after: 0, resumes_after: id } });
  const log = {
    taken: 0,
    place: async () => ({ after: 0 }),
    async *follow(_: unknown, signal: AbortSignal) {
      while (!signal.aborted) {
        log.taken += 1;
        yield event(log.taken);
      }
    },
  };
  return log;
}

/** Nothing ever happens. */
const quiet: EventLog = {
  place: async () => ({ after: 7 }),
  async *follow(_, signal) {
    await new Promise((done) => signal.addEventListener('abort', done));
  },
};

describe('a stream to one reader', () => {
  test('SEC-42: is let go when it takes nothing for a minute, and holds no more than the socket does', async () => {
    await using line = await openResponse();
    line.reader.pause();
    const clock = virtualClock(epochMillis(0));
    const log = endless();
    const ending = new AbortController();
    let over = false;
    const streaming = streamEvents(line.response, ending, { clock, log, place: { after: 0 }, welcome: async () => true }).finally(() => {
      over = true;
    });
    while (!over) await clock.advance(1_000);
    await streaming;
    expect(ending.signal.aborted).toBe(true);
    expect(log.taken * 16_384).toBeLessThan(16 * 1024 * 1024);
    expect(line.response.writableLength).toBeLessThan(64 * 1024);
  });

  test('says that it is still there, and ends when its key is revoked', async () => {
    await using line = await openResponse();
    let said = '';
    line.reader.setEncoding('utf8').on('data', (piece: string) => {
      said += piece;
    });
    const clock = virtualClock(epochMillis(0));
    const ended = once(line.reader, 'end');
    let good = true;
    const streaming = streamEvents(line.response, new AbortController(), { clock, log: quiet, place: { after: 7 }, welcome: async () => good });
    await clock.advance(31_000);
    good = false;
    await clock.advance(15_000);
    await streaming;
    await ended;
    expect(said).toContain('id: 7\n\n');
    expect(said.match(/: still here/g)).toHaveLength(3);
    expect(clock.waiting()).toBe(0);
  });

  test('ends when its reader leaves', async () => {
    await using line = await openResponse();
    const clock = virtualClock(epochMillis(0));
    const ending = new AbortController();
    const streaming = streamEvents(line.response, ending, { clock, log: quiet, place: { after: 7 }, welcome: async () => true });
    line.reader.destroy();
    await streaming;
    expect([ending.signal.aborted, clock.waiting()]).toEqual([true, 0]);
  });
});
