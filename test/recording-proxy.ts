import { once } from 'node:events';
import { createServer, request as forwardTo, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { portOf } from './raw-peer.ts';

/** One exchange of messages as it went over the wire, both ways. */
export interface RecordedMessage {
  /** Counts over all proxies of a recording, in the order in which requests came. */
  number: number;
  /** Whose door it came to. */
  to: string;
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
  status: number;
  answerHeaders: IncomingHttpHeaders;
  answer: string;
}

/** Everything that was said through the doors of one recording, in order. */
export interface Recording {
  messages: RecordedMessage[];
  /** Puts a door in front of a server that listens on this machine; its address is what others must be told. */
  openProxy(name: string, port: number): Promise<{ url: string } & AsyncDisposable>;
  /** Resolves when every message that has begun has been answered. */
  settled(): Promise<void>;
}

/** Records by standing in between, byte for byte: neither side can tell. */
export function openRecording(): Recording {
  const messages: RecordedMessage[] = [];
  const underWay = new Set<Promise<void>>();
  let count = 0;

  async function pass(name: string, port: number, { incoming, outgoing }: { incoming: IncomingMessage; outgoing: ServerResponse }): Promise<void> {
    count += 1;
    const number = count;
    const body = await read(incoming);
    const { method = '', url = '', headers } = incoming;
    const onward = forwardTo({ host: '127.0.0.1', port, method, path: url, headers, agent: false });
    onward.on('error', () => outgoing.destroy()); // the server behind is gone, and so is the door
    onward.end(body);
    const [answer]: IncomingMessage[] = await once(onward, 'response');
    if (!answer) return;
    const text = await read(answer);
    const message = {
      number,
      to: name,
      method,
      url,
      headers,
      body: body.toString('utf8'),
      status: answer.statusCode ?? 0,
      answerHeaders: answer.headers,
      answer: text.toString('utf8'),
    };
    messages.push(message);
    messages.sort((a, b) => a.number - b.number);
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(text);
  }

  return {
    messages,
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    openProxy: async (name, port) => {
      const server = createServer((incoming, outgoing) => {
        const passing = pass(name, port, { incoming, outgoing })
          .catch(() => void outgoing.destroy())
          .finally(() => underWay.delete(passing));
        underWay.add(passing);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return {
        url: `http://127.0.0.1:${portOf(server)}`,
        [Symbol.asyncDispose]: async () => {
          server.closeAllConnections();
          server.close();
        },
      };
    },
  };
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}
