import { connect, type Socket } from 'node:net';

/** One HTTP message as it came: the head without its last blank line, and the body. */
export interface Message {
  head: string;
  body: string;
}

/** Cuts what a socket brings into HTTP messages; every one must say its length, as those of the programs under test do. */
export function readMessages(socket: Socket, take: (message: Message) => void): void {
  let held: Buffer | undefined;
  socket.on('data', (chunk: Buffer) => {
    let bytes = held ? Buffer.concat([held, chunk]) : chunk;
    for (let end = bytes.indexOf('\r\n\r\n'); end >= 0; end = bytes.indexOf('\r\n\r\n')) {
      const head = bytes.toString('latin1', 0, end);
      const whole = end + 4 + lengthOf(head);
      if (bytes.length < whole) break;
      take({ head, body: bytes.toString('utf8', end + 4, whole) });
      bytes = bytes.subarray(whole);
    }
    held = bytes.length > 0 ? bytes : undefined;
  });
}

const lengthOf = (head: string): number => Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);

interface Asked {
  text: string;
  then: (message: Message) => void;
}

/** Keep-alive connections to one server, each with one request in flight; requests beyond them wait for a free one. */
export class Connections {
  readonly #free: Socket[] = [];
  readonly #waiting: Asked[] = [];
  readonly #answers = new Map<Socket, Asked>();
  readonly #to: { host: string; port: number; count: number };
  #alive = 0;

  private constructor(to: { host: string; port: number; count: number }) {
    this.#to = to;
  }

  static async open(to: { host: string; port: number; count: number }): Promise<Connections> {
    const all = new Connections(to);
    await Promise.all(Array.from({ length: to.count }, () => all.#open()));
    return all;
  }

  #open(): Promise<void> {
    const { host, port } = this.#to;
    this.#alive += 1;
    return new Promise((opened, failed) => {
      const socket = connect({ host, port, noDelay: true }, () => {
        this.#idle(socket);
        opened();
      });
      socket.once('error', failed);
      // Servers close what has been idle for some seconds; when it is needed again, a fresh one takes its place.
      socket.once('close', () => {
        this.#alive -= 1;
        const place = this.#free.indexOf(socket);
        if (place >= 0) this.#free.splice(place, 1);
        // It may have been closed while a request was on its way to it, which nobody has read then (RFC 9112 §9.3.1).
        const unread = this.#answers.get(socket);
        this.#answers.delete(socket);
        if (unread) this.send(unread.text, unread.then);
      });
      readMessages(socket, (message) => this.#took(socket, message));
    });
  }

  close(): void {
    const all = [...this.#free, ...this.#answers.keys()];
    this.#answers.clear();
    for (const socket of all) socket.destroy();
  }

  /** Sends the text of one request. */
  send(text: string, then: (message: Message) => void): void {
    const socket = this.#free.shift(); // in turn, so that none is idle for long
    if (socket) this.#send(socket, { text, then });
    else this.#waiting.push({ text, then });
    if (!socket && this.#alive < this.#to.count) void this.#open();
  }

  #send(socket: Socket, asked: Asked): void {
    this.#answers.set(socket, asked);
    socket.write(asked.text);
  }

  #took(socket: Socket, message: Message): void {
    const asked = this.#answers.get(socket);
    if (!asked) return; // a 408 before it closes what was idle
    this.#answers.delete(socket);
    this.#idle(socket);
    asked.then(message);
  }

  #idle(socket: Socket): void {
    const next = this.#waiting.shift();
    if (next) this.#send(socket, next);
    else this.#free.push(socket);
  }
}
