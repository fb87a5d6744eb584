import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../domain/clock.ts';
import type { RunningWork } from '../../core/running-work.ts';
import type { EventLog, Position } from './event-log.ts';
import type { EventView } from './schemas.ts';

/** Interval of the keep-alive comment, so that no proxy closes an idle connection. */
const KEEP_ALIVE_MS = 15_000;
/** A reader that reads nothing for so long is disconnected; it can resume at its position. */
const READ_TIMEOUT_MS = 60_000;

/** What a stream to one reader needs. */
export interface Streaming {
  clock: Clock;
  work: Pick<RunningWork, 'start'>;
  log: EventLog;
  position: Position;
  /** Whether the key or login of the reader is still valid; checked with each keep-alive. */
  isAuthenticated(): Promise<boolean>;
}

/**
 * Writes events to one reader until it disconnects, `ending` aborts or its key is revoked. Nothing is held beyond what the
 * socket takes: the next events are read from the store when the last ones are written.
 */
export async function streamEvents(response: ServerResponse, ending: AbortController, streaming: Streaming): Promise<void> {
  const { clock, log, position } = streaming;
  const disconnect = () => ending.abort();
  response.on('close', disconnect);
  response.on('error', disconnect);
  const headers = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no', Connection: 'close' };
  response.writeHead(200, headers);
  // An id without data is no event, but sets the position from which a reader resumes that is cut off before the first event.
  response.write(`retry: 2000\nid: ${position.after}\n\n`);
  const stopKeepAlive = keepAlive(response, streaming, disconnect);
  try {
    for await (const event of log.follow(position, ending.signal)) {
      if (!response.write(print(event))) await drained(response, clock, ending);
    }
  } finally {
    stopKeepAlive();
    response.end();
  }
}

function print({ id, kind, ...event }: EventView): string {
  return `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify({ id, kind, ...event })}\n\n`;
}

function keepAlive(response: ServerResponse, { clock, work, isAuthenticated }: Streaming, disconnect: () => void): () => void {
  let stop: () => void;
  const next = () => {
    stop = clock.after(KEEP_ALIVE_MS, () => {
      if (!response.writableNeedDrain) response.write(': still here\n\n');
      work.start('authentication', async () => {
        if (!(await isAuthenticated().catch(() => false))) disconnect();
      });
      next();
    });
  };
  next();
  return () => stop();
}

async function drained(response: ServerResponse, clock: Clock, ending: AbortController): Promise<void> {
  if (ending.signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const stopTimer = clock.after(READ_TIMEOUT_MS, () => {
    ending.abort();
    response.destroy();
  });
  const go = () => resolve();
  response.once('drain', go);
  ending.signal.addEventListener('abort', go);
  await promise;
  response.off('drain', go);
  ending.signal.removeEventListener('abort', go);
  stopTimer();
}
