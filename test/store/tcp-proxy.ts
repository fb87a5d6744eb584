import { connect, createServer, type Socket } from 'node:net';

/** `open`: bytes pass; `stalled`: connections stay, bytes do not pass; `closed`: connections are refused. */
export type ProxyState = 'open' | 'stalled' | 'closed';

/** A TCP proxy on the loopback interface that simulates a failing network or server. */
export interface TcpProxy extends AsyncDisposable {
  port: number;
  setState(state: ProxyState): void;
}

/** Opens a proxy to `target` on a free port. */
export async function openTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let state: ProxyState = 'open';
  const pairs = new Set<{ near: Socket; far: Socket }>();
  const server = createServer((near) => {
    if (state === 'closed') return void near.destroy();
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
    if (state === 'stalled') stall(pair);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const drop = () => {
    for (const { near } of [...pairs]) near.destroy();
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    setState: (next) => {
      // Connections with held-back bytes are closed, so that no client receives an incomplete message.
      if (next !== 'stalled') drop();
      else for (const pair of pairs) stall(pair);
      state = next;
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
