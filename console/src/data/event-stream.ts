import type { EventView } from './api-types.ts';

/** How the connection to the node stands. */
export type ConnectionStatus = 'connecting' | 'live' | 'away';

interface EventReader {
  onEvent(event: EventView): void;
  onConnectionStatus(status: ConnectionStatus): void;
  /** Nobody is signed in. */
  onSignedOut(): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** The node sends a line every 15 s; a stream that is silent for longer is dead. */
const SILENCE_MS = 40_000;

/** Follows the node's events until it is told to stop: resumes behind the last one heard, and waits longer after each failure. */
export function followEvents(reader: EventReader): () => void {
  const stop = new AbortController();
  void reconnectUntilStopped(reader, stop.signal);
  return () => stop.abort();
}

async function reconnectUntilStopped(reader: EventReader, signal: AbortSignal): Promise<void> {
  const place: { last: string | undefined; failures: number } = { last: undefined, failures: 0 };
  while (!signal.aborted) {
    const end = await connect(reader, place, signal);
    if (signal.aborted) return;
    if (end === 'signed-out') return reader.onSignedOut();
    reader.onConnectionStatus('away');
    const pause = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** place.failures);
    place.failures += 1;
    await wait(pause * (0.75 + Math.random() / 2), signal);
  }
}

async function connect(reader: EventReader, place: { last: string | undefined; failures: number }, signal: AbortSignal): Promise<'ended' | 'signed-out'> {
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), SILENCE_MS);
  try {
    const headers = { accept: 'text/event-stream', ...(place.last !== undefined && { 'last-event-id': place.last }) };
    const response = await fetch('/api/v1/events', { headers, credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.any([signal, quiet.signal]) });
    if (response.status === 401) return 'signed-out';
    if (!response.ok || !response.body) return 'ended';
    place.failures = 0;
    reader.onConnectionStatus('live');
    let rest = '';
    for (const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader(); ; ) {
      const { done, value } = await chunks.read();
      if (done) return 'ended';
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), SILENCE_MS);
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) readBlock(block, reader, place);
    }
  } catch {
    return 'ended'; // a connection that breaks is what the next one is for
  } finally {
    clearTimeout(timer);
  }
}

function readBlock(block: string, reader: EventReader, place: { last: string | undefined }): void {
  for (const line of block.split('\n')) {
    if (line.startsWith('id: ')) place.last = line.slice(4);
    if (line.startsWith('data: ')) reader.onEvent(JSON.parse(line.slice(6)));
  }
}

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((go) => {
    setTimeout(go, ms);
    signal.addEventListener('abort', () => go(), { once: true });
  });
