import { Socket } from 'node:net';
import pg from 'pg';

/** A connection whose statements do not wait for earlier replies. */
interface Pipelined {
  client: pg.Client;
  socket: Socket;
  /** Sends all statements of this turn of the event loop in one write to the socket. */
  batchSends(): void;
}

/** A connection that sends statements without waiting for earlier replies; a broken one is replaced at its next use. */
export function pipelinedConnection(settings: pg.ClientConfig) {
  let current: Promise<Pipelined> | undefined;
  const connect = async () => {
    const socket = new Socket();
    const client = new pg.Client({ ...settings, pipeline: true, stream: () => socket });
    client.on('error', reconnect);
    await client.connect();
    let batching = false;
    const send = () => {
      batching = false;
      socket.uncork();
    };
    const batchSends = () => {
      if (batching) return;
      batching = true;
      socket.cork();
      setImmediate(send);
    };
    return { client, socket, batchSends };
  };
  const end = (open: Promise<Pipelined> | undefined) => open?.then(endConnection).catch(() => undefined); // A broken connection cannot be ended properly.
  function reconnect() {
    const broken = current;
    current = undefined;
    void end(broken);
  }
  return {
    connected: () => {
      current ??= connect();
      current.catch(() => {
        current = undefined;
      });
      return current;
    },
    reconnect,
    close: async () => end(current),
  };
}

/** Ends a connection without waiting for a server that does not answer. */
export async function endConnection({ client, socket }: { client: pg.Client; socket: Socket }): Promise<void> {
  const ended = client.end();
  socket.destroySoon();
  await ended;
}
