import { connect, type Socket } from 'node:net';

/** One HTTP message: the head without its last blank line, and the body. */
export interface Message {
  head: string;
  body: string;
}

/** Splits the bytes of a socket into HTTP messages. Each message must have a Content-Length, as those of the measured programs do. */
export function readMessages(socket: Socket, receive: (message: Message) => void): void {
  let rest: Buffer | undefined;
  socket.on('data', (chunk: Buffer) => {
    let bytes = rest ? Buffer.concat([rest, chunk]) : chunk;
    for (let end = bytes.indexOf('\r\n\r\n'); end >= 0; end = bytes.indexOf('\r\n\r\n')) {
      const head = bytes.toString('latin1', 0, end);
      const length = end + 4 + contentLength(head);
      if (bytes.length < length) break;
      receive({ head, body: bytes.toString('utf8', end + 4, length) });
      bytes = bytes.subarray(length);
    }
    rest = bytes.length > 0 ? bytes : undefined;
  });
}

const contentLength = (head: string): number => Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);

interface PendingRequest {
  text: string;
  answered: (message: Message) => void;
}

/** Keep-alive connections to one server, with one request at a time on each; further requests wait in a queue. */
export class Connections {
  readonly #free: Socket[] = [];
  readonly #queue: PendingRequest[] = [];
  readonly #inFlight = new Map<Socket, PendingRequest>();
  readonly #server: { host: string; port: number; count: number };
  #alive = 0;

  private constructor(server: { host: string; port: number; count: number }) {
    this.#server = server;
  }

  static async open(server: { host: string; port: number; count: number }): Promise<Connections> {
    const all = new Connections(server);
    await Promise.all(Array.from({ length: server.count }, () => all.#open()));
    return all;
  }

  #open(): Promise<void> {
    const { host, port } = this.#server;
    this.#alive += 1;
    return new Promise((opened, failed) => {
      const socket = connect({ host, port, noDelay: true }, () => {
        this.#sendNext(socket);
        opened();
      });
      socket.once('error', failed);
      // Servers close connections that were idle for some seconds; a new one is opened when it is needed.
      socket.once('close', () => {
        this.#alive -= 1;
        const index = this.#free.indexOf(socket);
        if (index >= 0) this.#free.splice(index, 1);
        // The server closed before it read this request, so the request is sent again (RFC 9112 §9.3.1).
        const unread = this.#inFlight.get(socket);
        this.#inFlight.delete(socket);
        if (unread) this.send(unread.text, unread.answered);
      });
      readMessages(socket, (message) => this.#receive(socket, message));
    });
  }

  close(): void {
    const all = [...this.#free, ...this.#inFlight.keys()];
    this.#inFlight.clear();
    for (const socket of all) socket.destroy();
  }

  /** Sends the full text of one request. */
  send(text: string, answered: (message: Message) => void): void {
    const socket = this.#free.shift(); // round robin, so that no connection is idle for long
    if (socket) this.#write(socket, { text, answered });
    else this.#queue.push({ text, answered });
    if (!socket && this.#alive < this.#server.count) void this.#open();
  }

  #write(socket: Socket, request: PendingRequest): void {
    this.#inFlight.set(socket, request);
    socket.write(request.text);
  }

  #receive(socket: Socket, message: Message): void {
    const request = this.#inFlight.get(socket);
    if (!request) return; // a 408 that the server sends before it closes an idle connection
    this.#inFlight.delete(socket);
    this.#sendNext(socket);
    request.answered(message);
  }

  #sendNext(socket: Socket): void {
    const next = this.#queue.shift();
    if (next) this.#write(socket, next);
    else this.#free.push(socket);
  }
}
