import { connect, createServer, type Socket } from 'node:net';

/** What becomes of bytes on their way: they pass, they stay where they are, or nobody is there. */
export type Way = 'open' | 'stalled' | 'closed';

/** A way over loopback to a server that can be stalled or closed, as a network or a server that goes away. */
export interface TcpProxy extends AsyncDisposable {
  port: number;
  turn(way: Way): void;
}

export async function openTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let way: Way = 'open';
  const pairs = new Set<{ near: Socket; far: Socket }>();
  const server = createServer((near) => {
    if (way === 'closed') return void near.destroy();
    const far = connect(target.port, target.host);
    const pair = { near, far };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const side of [near, far]) side.on('error', end).on('close', end);
    near.pipe(far);
    far.pipe(near);
    if (way === 'stalled') stall(pair);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const drop = () => {
    for (const { near } of [...pairs]) near.destroy();
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    turn: (next) => {
      // What was held back is gone with its connection: nobody gets half a conversation.
      if (next !== 'stalled') drop();
      else for (const pair of pairs) stall(pair);
      way = next;
    },
    [Symbol.asyncDispose]: async () => {
      drop();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function stall({ near, far }: { near: Socket; far: Socket }): void {
  near.unpipe(far);
  far.unpipe(near);
  near.pause();
  far.pause();
}
