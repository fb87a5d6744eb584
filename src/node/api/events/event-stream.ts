import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../domain/clock.ts';
import type { EventView } from '../sessions/schemas.ts';
import type { EventLog, Place } from './event-log.ts';

/** A line goes out this often when nothing happens, so that no proxy takes the connection for dead. */
const KEEP_ALIVE_MS = 15_000;
/** A reader that takes nothing for so long is let go; it resumes where it was. */
const PATIENCE_MS = 60_000;

export interface Streaming {
  clock: Clock;
  log: EventLog;
  place: Place;
  /** Whether the key is still good; asked now and then. */
  welcome(): Promise<boolean>;
}

/**
 * Writes events to one reader until it leaves, `ending` ends or its key is revoked. Nothing is held beyond what the
 * socket takes: the next events are read from the store when the last ones have left.
 */
export async function streamEvents(response: ServerResponse, ending: AbortController, streaming: Streaming): Promise<void> {
  const { clock, log, place } = streaming;
  const leave = () => ending.abort();
  response.on('close', leave);
  response.on('error', leave);
  const headers = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no', Connection: 'close' };
  response.writeHead(200, headers);
  // An id without data is no event, but where the reader resumes that is cut off before the first one.
  response.write(`retry: 2000\nid: ${place.after}\n\n`);
  const stopBeating = beat(response, streaming, leave);
  try {
    for await (const event of log.follow(place, ending.signal)) {
      if (!response.write(print(event))) await drained(response, clock, ending);
    }
  } finally {
    stopBeating();
    response.end();
  }
}

function print({ id, kind, ...event }: EventView): string {
  return `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify({ id, kind, ...event })}\n\n`;
}

function beat(response: ServerResponse, { clock, welcome }: Streaming, leave: () => void): () => void {
  let stop: () => void;
  const next = () => {
    stop = clock.after(KEEP_ALIVE_MS, () => {
      if (!response.writableNeedDrain) response.write(': still here\n\n');
      welcome().then((it) => (it ? undefined : leave()), leave);
      next();
    });
  };
  next();
  return () => stop();
}

async function drained(response: ServerResponse, clock: Clock, ending: AbortController): Promise<void> {
  if (ending.signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const takeBack = clock.after(PATIENCE_MS, () => {
    ending.abort();
    response.destroy();
  });
  const go = () => resolve();
  response.once('drain', go);
  ending.signal.addEventListener('abort', go);
  await promise;
  response.off('drain', go);
  ending.signal.removeEventListener('abort', go);
  takeBack();
}
