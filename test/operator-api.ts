import { get, type IncomingMessage } from 'node:http';
import type { EventView } from '../src/node/api/events/schemas.ts';
import { API } from '../src/node/api/route.ts';
import type { Node } from '../src/node/node.ts';

/** An answer of the operator API. `body` is the parsed JSON. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}

/** A client of the operator API with a key of its own. */
export interface ApiClient {
  key: string;
  /** Sends a request, written as `GET sessions?limit=1`. A body is sent as JSON, a string unchanged. */
  request(line: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Opens the event stream: events after the one with this id, or new events only. */
  followEvents(after?: number): Promise<EventStream>;
}

/** One connection to the event stream. */
export interface EventStream extends Disposable {
  events: readonly EventView[];
  /** The value of Last-Event-ID with which a client reconnects. */
  lastId(): string | undefined;
  /** Resolves with the first event of this connection that matches, also when it arrived before the call; rejects when the connection ends without one. */
  firstEvent(matches: (event: EventView) => boolean): Promise<EventView>;
  /** Resolves when the connection has ended. */
  ended: Promise<void>;
  /** Stops reading from the connection. */
  pause(): void;
  resume(): void;
}

/** Adds a key to the node, and returns a client with it. */
export async function openApiClient(node: Node, scope: 'view' | 'operate' = 'operate'): Promise<ApiClient> {
  const { key } = await node.keys.add({ name: 'a test', scope });
  return apiClient(node.publicUrl, key);
}

/** A client with an existing key. */
export const apiClient = (url: string, key: string): ApiClient => ({
  key,
  request: (line, body, headers) => requestApi(url, line, { body, headers: { authorization: `Bearer ${key}`, ...headers } }),
  followEvents: (after) => follow(`${url}${API}/events`, { authorization: `Bearer ${key}`, ...(after !== undefined && { 'last-event-id': String(after) }) }),
});

/** Sends one request to the operator API, with the headers that the test sets. */
export async function requestApi(url: string, line: string, { body, headers }: { body?: unknown; headers?: Record<string, string> }): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ');
  const response = await fetch(`${url}${API}/${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isCsv = response.headers.get('content-type')?.startsWith('text/csv') === true;
  return { status: response.status, headers: response.headers, text, body: isCsv ? {} : JSON.parse(text) };
}

async function follow(url: string, headers: Record<string, string>): Promise<EventStream> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => get(url, { headers, agent: false }, resolve).on('error', reject));
  if (response.statusCode !== 200) throw new Error(`the event stream was answered with HTTP ${response.statusCode}`);
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
    for (const watcher of watchers) watcher();
  });
  response.on('error', () => undefined); // some tests break the connection
  response.on('close', () => {
    over = true;
    end();
    for (const watcher of watchers) watcher();
  });
  return {
    events,
    ended,
    lastId: () => lastId,
    firstEvent: (matches) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const event = events.find(matches);
          if (!event && !over) return;
          watchers.delete(check);
          if (event) resolve(event);
          else reject(new Error('the event stream ended before a matching event'));
        };
        watchers.add(check);
        check();
      }),
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    [Symbol.dispose]: () => void response.destroy(),
  };
}

/** The error in an answer; throws when the body is not an error of the operator API. */
export function errorOf({ body }: Answer): { code: string; message: string; field?: string; allowed?: string } {
  const { error, ...others }: { error?: { code: string; message: string } } = body;
  if (!error || Object.keys(others).length > 0 || typeof error.code !== 'string' || typeof error.message !== 'string')
    throw new Error(`not an error of the operator API: ${JSON.stringify(body)}`);
  return error;
}
