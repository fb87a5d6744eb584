import type { EventView } from './api-types.ts';

/** Status of the event stream. `lost`: it broke, and the page connects again. */
export type ConnectionStatus = 'connecting' | 'live' | 'lost';

interface EventReader {
  onEvent(event: EventView): void;
  onConnectionStatus(status: ConnectionStatus): void;
  /** The node answered 401. */
  onSignedOut(): void;
}

/** Where the next connection resumes: the id of the last event, and how many connections failed since then. */
interface Progress {
  last: string | undefined;
  failures: number;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** The node sends a line every 15 s. A stream that is silent for this long is dead. */
const SILENCE_MS = 40_000;

/** Follows the node's events until the returned function is called. Resumes after the last event and waits longer after each failure. */
export function followEvents(reader: EventReader): () => void {
  const stop = new AbortController();
  void reconnectUntilStopped(reader, stop.signal);
  return () => stop.abort();
}

async function reconnectUntilStopped(reader: EventReader, signal: AbortSignal): Promise<void> {
  const progress: Progress = { last: undefined, failures: 0 };
  while (!signal.aborted) {
    const end = await connect(reader, progress, signal);
    if (signal.aborted) return;
    if (end === 'signed-out') return reader.onSignedOut();
    reader.onConnectionStatus('lost');
    const pause = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** progress.failures);
    progress.failures += 1;
    await wait(pause * (0.75 + Math.random() / 2), signal);
  }
}

async function connect(reader: EventReader, progress: Progress, signal: AbortSignal): Promise<'ended' | 'signed-out'> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), SILENCE_MS);
  try {
    const headers = { accept: 'text/event-stream', ...(progress.last !== undefined && { 'last-event-id': progress.last }) };
    const response = await fetch('/api/v1/events', {
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.any([signal, silent.signal]),
    });
    if (response.status === 401) return 'signed-out';
    if (!response.ok || !response.body) return 'ended';
    progress.failures = 0;
    reader.onConnectionStatus('live');
    let rest = '';
    for (const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader(); ; ) {
      const { done, value } = await chunks.read();
      if (done) return 'ended';
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), SILENCE_MS);
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) readBlock(block, reader, progress);
    }
  } catch {
    return 'ended'; // the caller connects again
  } finally {
    clearTimeout(timer);
  }
}

function readBlock(block: string, reader: EventReader, progress: Progress): void {
  for (const line of block.split('\n')) {
    if (line.startsWith('id: ')) progress.last = line.slice(4);
    if (line.startsWith('data: ')) reader.onEvent(JSON.parse(line.slice(6)));
  }
}

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
