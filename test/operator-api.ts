import { get, type IncomingMessage } from 'node:http';
import type { EventView } from '../src/node/api/events/schemas.ts';
import { API } from '../src/node/api/route.ts';
import type { Node } from '../src/node/node.ts';

/** What came back from the door for the operator's own systems; `body` is JSON. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}

/** One of the operator's own systems, with a key of its own. */
export interface ApiClient {
  key: string;
  /** `GET sessions?limit=1`; a body goes as JSON. */
  request(line: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Follows the stream of events from behind a number, or from now on. */
  followEvents(after?: number): Promise<EventStream>;
}

/** One connection to the stream of events. */
export interface EventStream extends Disposable {
  events: readonly EventView[];
  /** What a reader sends as Last-Event-ID when it comes back. */
  lastId(): string | undefined;
  /** Resolves with the first event that fits, past or to come; rejects when the connection ends before. */
  firstEvent(fits: (event: EventView) => boolean): Promise<EventView>;
  /** Resolves when the other side ends the connection. */
  ended: Promise<void>;
  /** Stops reading, and goes on. */
  pause(): void;
  resume(): void;
}

export async function openApiClient(node: Node, scope: 'view' | 'operate' = 'operate'): Promise<ApiClient> {
  const { key } = await node.keys.add({ name: 'a test', scope });
  return apiClient(node.publicUrl, key);
}

export const apiClient = (url: string, key: string): ApiClient => ({
  key,
  request: (line, body, headers) => requestApi(url, line, { body, headers: { authorization: `Bearer ${key}`, ...headers } }),
  followEvents: (after) => follow(`${url}${API}/events`, { authorization: `Bearer ${key}`, ...(after !== undefined && { 'last-event-id': String(after) }) }),
});

export async function requestApi(url: string, line: string, { body, headers }: { body?: unknown; headers?: Record<string, string> }): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ');
  const response = await fetch(`${url}${API}/${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

async function follow(url: string, headers: Record<string, string>): Promise<EventStream> {
  const response = await new Promise<IncomingMessage>((came, failed) => get(url, { headers, agent: false }, came).on('error', failed));
  if (response.statusCode !== 200) throw new Error(`the stream was refused with ${response.statusCode}`);
  const events: EventView[] = [];
  const watchers = new Set<() => void>();
  let lastId: string | undefined;
  let rest = '';
  let over = false;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) =>
        block
          .split('\n')
          .find((it) => it.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      lastId = field('id') ?? lastId;
      const data = field('data');
      if (data !== undefined) events.push(JSON.parse(data));
    }
    for (const look of watchers) look();
  });
  response.on('error', () => undefined); // being cut off is what some tests are about
  response.on('close', () => {
    over = true;
    end();
    for (const look of watchers) look();
  });
  return {
    events,
    ended,
    lastId: () => lastId,
    firstEvent: (fits) =>
      new Promise((found, failed) => {
        const look = () => {
          const event = events.find(fits);
          if (!event && !over) return;
          watchers.delete(look);
          if (event) found(event);
          else failed(new Error('the stream ended before'));
        };
        watchers.add(look);
        look();
      }),
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    [Symbol.dispose]: () => void response.destroy(),
  };
}

/** The error of a refusal, in its one shape. */
export function errorOf({ body }: Answer): { code: string; message: string; field?: string; allowed?: string } {
  const { error, ...others }: { error?: { code: string; message: string } } = body;
  if (!error || Object.keys(others).length > 0 || typeof error.code !== 'string' || typeof error.message !== 'string')
    throw new Error(`not the shape of an error: ${JSON.stringify(body)}`);
  return error;
}
