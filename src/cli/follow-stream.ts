import { followEvents } from '../node/api/sessions/routes.ts';
import type { EventView } from '../node/api/sessions/schemas.ts';
import { machineClock } from '../node/core/machine-clock.ts';
import type { ApiClient } from './api-client.ts';
import { CliError } from './output.ts';

/** A node that stays away for longer is taken for stopped. */
const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Events from now on, over broken connections: each time from where the last one broke off. `connected` is told of each
 * new connection. Throws when the node is away for too long.
 */
export async function* followStream(client: ApiClient, connected: (again: boolean) => void): AsyncGenerator<EventView, void> {
  let last: string | undefined;
  let away: number | undefined;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const stream = await client.openStream(followEvents, { ...(last !== undefined && { headers: { 'last-event-id': last } }) });
    if (stream instanceof CliError) {
      away ??= machineClock.now();
      if (last === undefined || machineClock.now() - away > PATIENCE_MS) throw stream;
    } else {
      connected(last !== undefined);
      away = undefined;
      pause = FIRST_PAUSE_MS;
      for await (const { id, data } of readBlocks(stream)) {
        last = id ?? last;
        if (data !== undefined) yield JSON.parse(data);
      }
    }
    await new Promise<void>((go) => void machineClock.after(pause, go));
  }
}

/** The blocks of a stream of server-sent events; a broken connection ends it. */
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
    return; // cut off: whoever reads takes up again from the last id
  }
}

const fieldOf = (block: string, name: string): string | undefined =>
  block
    .split('\n')
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2);
