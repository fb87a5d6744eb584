import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import { portOf } from './raw-peer.ts';

/** One request and its answer, as they went over the wire. */
export interface RecordedMessage {
  /** Counts the requests to all proxies of a recording, in the order of their arrival. */
  number: number;
  /** The name of the proxy that received it. */
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

/** All messages through the proxies of one recording, in order. */
export interface Recording {
  messages: RecordedMessage[];
  /** Opens a proxy in front of a server on this machine; others must use the URL of the proxy. */
  openProxy(name: string, port: number): Promise<{ url: string } & AsyncDisposable>;
  /** Resolves when every request that has arrived is answered. */
  settled(): Promise<void>;
}

/** Starts an empty recording. Its proxies forward headers and bodies unchanged. */
export function openRecording(): Recording {
  const messages: RecordedMessage[] = [];
  const inFlight = new Set<Promise<void>>();
  let count = 0;

  async function forward(name: string, port: number, { incoming, outgoing }: { incoming: IncomingMessage; outgoing: ServerResponse }): Promise<void> {
    count += 1;
    const number = count;
    const body = await read(incoming);
    const { method = '', url = '', headers } = incoming;
    const forwarded = sendRequest({ host: '127.0.0.1', port, method, path: url, headers, agent: false });
    forwarded.on('error', () => outgoing.destroy()); // the server behind the proxy has stopped
    forwarded.end(body);
    const [answer]: IncomingMessage[] = await once(forwarded, 'response');
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
      while (inFlight.size > 0) await Promise.all(inFlight);
    },
    openProxy: async (name, port) => {
      const server = createServer((incoming, outgoing) => {
        const forwarding = forward(name, port, { incoming, outgoing })
          .catch(() => void outgoing.destroy())
          .finally(() => inFlight.delete(forwarding));
        inFlight.add(forwarding);
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
