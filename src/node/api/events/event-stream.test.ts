import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../../../sim/index.ts';
import type { Clock } from '../../../domain/clock.ts';
import { epochMillis } from '../../../domain/units.ts';
import { createRunningWork } from '../../core/running-work.ts';
import type { EventLog } from './event-log.ts';
import { streamEvents } from './event-stream.ts';
import type { EventView } from './schemas.ts';

/** A response over a real socket; the test decides when its reader reads. */
async function openResponse() {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const requested = once(server, 'request');
  const reader = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  reader.on('error', () => undefined); // the server may disconnect it
  reader.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [, response]: [unknown, ServerResponse] = Object(await requested);
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

/** A log with events without end; `taken`: how many of them were read. */
function endless(): EventLog & { taken: number } {
  const event = (id: number): EventView => ({ id, kind: 'gap', at: 'x'.repeat(16_384), data: { after: 0, resumes_after: id } });
  const log = {
    taken: 0,
    position: async () => ({ after: 0 }),
    async *follow(_: unknown, signal: AbortSignal) {
      while (!signal.aborted) {
        log.taken += 1;
        yield event(log.taken);
      }
    },
  };
  return log;
}

const workOn = (clock: Clock) => createRunningWork({ clock, reportError: () => undefined });

/** A log without events. */
const quiet: EventLog = {
  position: async () => ({ after: 7 }),
  async *follow(_, signal) {
    await new Promise((done) => signal.addEventListener('abort', done));
  },
};

describe('the stream of events to one reader', () => {
  test('SEC-42: ends when the reader reads nothing for a minute, and holds no more than the socket buffers', async () => {
    await using line = await openResponse();
    line.reader.pause();
    const clock = virtualClock(epochMillis(0));
    const log = endless();
    const ending = new AbortController();
    let ended = false;
    const streaming = streamEvents(line.response, ending, {
      clock,
      work: workOn(clock),
      log,
      position: { after: 0 },
      isAuthenticated: async () => true,
    }).finally(() => {
      ended = true;
    });
    while (!ended) await clock.advance(1_000);
    await streaming;
    expect(ending.signal.aborted).toBe(true);
    expect(log.taken * 16_384).toBeLessThan(16 * 1024 * 1024);
    expect(line.response.writableLength).toBeLessThan(64 * 1024);
  });

  test('sends keep-alive comments, and ends when the key is revoked', async () => {
    await using line = await openResponse();
    let text = '';
    line.reader.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    const clock = virtualClock(epochMillis(0));
    const ended = once(line.reader, 'end');
    let valid = true;
    const streaming = streamEvents(line.response, new AbortController(), {
      clock,
      work: workOn(clock),
      log: quiet,
      position: { after: 7 },
      isAuthenticated: async () => valid,
    });
    await clock.advance(31_000);
    valid = false;
    await clock.advance(15_000);
    await streaming;
    await ended;
    expect(text).toContain('id: 7\n\n');
    expect(text.match(/: still here/g)).toHaveLength(3);
    expect(clock.waiting()).toBe(0);
  });

  test('ends when the reader disconnects', async () => {
    await using line = await openResponse();
    const clock = virtualClock(epochMillis(0));
    const ending = new AbortController();
    const streaming = streamEvents(line.response, ending, {
      clock,
      work: workOn(clock),
      log: quiet,
      position: { after: 7 },
      isAuthenticated: async () => true,
    });
    line.reader.destroy();
    await streaming;
    expect([ending.signal.aborted, clock.waiting()]).toEqual([true, 0]);
  });
});
