import { followEvents } from '../node/api/events/routes.ts';
import type { EventView } from '../node/api/events/schemas.ts';
import { machineClock } from '../node/core/machine-clock.ts';
import type { ApiClient } from './api-client.ts';
import { CliError } from './output.ts';

/** After this time without a connection the stream gives up. */
const MAX_DOWNTIME_MS = 30_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Yields events from now on. Reconnects after a broken connection and resumes after the last event. Calls `connected` for
 * each new connection. Throws a CliError when the node cannot be reached at first, or for 30 s later.
 */
export async function* followStream(client: ApiClient, connected: () => void): AsyncGenerator<EventView, void> {
  let lastId: string | undefined;
  let downSince: number | undefined;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const stream = await client.openStream(followEvents, { ...(lastId !== undefined && { headers: { 'last-event-id': lastId } }) });
    if (stream instanceof CliError) {
      downSince ??= machineClock.now();
      if (lastId === undefined || machineClock.now() - downSince > MAX_DOWNTIME_MS) throw stream;
    } else {
      connected();
      downSince = undefined;
      pause = FIRST_PAUSE_MS;
      for await (const { id, data } of readBlocks(stream)) {
        lastId = id ?? lastId;
        if (data !== undefined) yield JSON.parse(data);
      }
    }
    await new Promise<void>((resolve) => void machineClock.after(pause, resolve));
  }
}

/** The blocks of a stream of server-sent events; a broken connection ends the generator. */
async function* readBlocks(stream: AsyncIterable<Uint8Array>): AsyncGenerator<{ id: string | undefined; data: string | undefined }, void> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of stream) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) yield { id: fieldOf(block, 'id'), data: fieldOf(block, 'data') };
    }
  } catch {
    return; // the connection broke; followStream reconnects
  }
}

const fieldOf = (block: string, name: string): string | undefined =>
  block
    .split('\n')
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2);
