import { once } from 'node:events';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** A peer that may say anything: it listens on this machine, counts who comes, and leaves each socket to the test. */
export interface RawPeer extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  /** Connections that ever reached it. */
  connections(): number;
  /** What was written to it, connection for connection. */
  readonly received: string[];
  /** Fulfilled once it has received `text`. */
  waitForText(text: string): Promise<void>;
}

/** Starts a peer that hands each piece it hears to `say`, with the number of the request on that connection from 1 on. */
export async function startRawPeer(say: (socket: Socket, request: number) => void, host = '127.0.0.1', port = 0): Promise<RawPeer> {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  const server = createTcpServer((socket) => {
    const connection = received.push('') - 1;
    let requests = 0;
    sockets.add(socket);
    socket.on('error', () => socket.destroy()); // a client may hang up on a rude peer; that is the point
    socket.on('data', (piece) => {
      received[connection] += piece.toString('latin1');
      server.emit('received');
      say(socket, ++requests);
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const at = portOf(server);
  return {
    port: at,
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${at}`,
    connections: () => received.length,
    received,
    async waitForText(text) {
      while (!received.some((said) => said.includes(text))) await once(server, 'received');
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The port that a server was given. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}

/** A whole answer with its length, that keeps the connection. */
export const plainAnswer = (body: string, status = '200 OK') => `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
