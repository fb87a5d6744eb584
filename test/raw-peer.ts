import { once } from 'node:events';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** A TCP server on this machine that leaves its answers to the test, so that they may break HTTP. */
export interface RawPeer extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  /** The number of connections that it has accepted. */
  connections(): number;
  /** The received text of each connection, in their order. */
  readonly received: string[];
  /** Resolves when a connection has received `text`. */
  waitForText(text: string): Promise<void>;
}

/** Starts a peer that calls `respond` for each chunk it receives, with the number of the chunk on its connection, counted from 1. */
export async function startRawPeer(respond: (socket: Socket, request: number) => void, host = '127.0.0.1', port = 0): Promise<RawPeer> {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  const server = createTcpServer((socket) => {
    const connection = received.push('') - 1;
    let requests = 0;
    sockets.add(socket);
    socket.on('error', () => socket.destroy()); // a client may close the connection after a wrong answer
    socket.on('data', (piece) => {
      received[connection] += piece.toString('latin1');
      server.emit('received');
      respond(socket, ++requests);
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const actualPort = portOf(server);
  return {
    port: actualPort,
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    connections: () => received.length,
    received,
    async waitForText(text) {
      while (!received.some((all) => all.includes(text))) await once(server, 'received');
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The port that a server listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}

/** A complete HTTP answer with a Content-Length; the connection stays open. */
export const plainAnswer = (body: string, status = '200 OK') => `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
