import type { RecordedMessage } from './recording-proxy.ts';

/** One arrow of a flow: a request or its answer. Its texts are the same in every recording. */
export interface Arrow {
  is: 'request' | 'answer';
  from: string;
  to: string;
  /** Method and path, or HTTP status and OCPI code. */
  title: string;
  /** Query, body or data; empty when there is none. */
  details: string;
}

const fromOf = ({ headers }: RecordedMessage) => String(headers['ocpi-from-party-id']);
const correlationOf = ({ headers }: RecordedMessage) => headers['x-correlation-id'];

/** The messages of one flow: the first request about a charging profile with all that follows from it, or the pushes of the active profile. */
export function flowOf(messages: readonly RecordedMessage[], kind: 'request' | 'push'): readonly RecordedMessage[] {
  const profiles = messages.filter(({ url }) => url.includes('/chargingprofiles'));
  if (kind === 'push') return profiles.filter(({ method, url }) => method === 'PUT' && url.includes('/sender/'));
  const [first] = profiles.filter(({ url }) => url.includes('/receiver/'));
  return first ? profiles.filter((it) => correlationOf(it) === correlationOf(first)) : [];
}

/** The arrows of a flow, from top to bottom. A forwarded request is answered before the request that caused it; a result or a push is answered at once. */
export function arrowsOf(messages: readonly RecordedMessage[], strip: (text: string) => string): readonly Arrow[] {
  const [first, ...rest] = messages;
  if (!first) return [];
  const [next] = rest;
  const forwarded =
    next && first.method !== 'POST' && next.method === first.method && correlationOf(next) === correlationOf(first) && fromOf(next) === first.to;
  const inner = forwarded ? [next] : [];
  const after = forwarded ? rest.slice(1) : rest;
  return [requestArrow(first, strip), ...arrowsOf(inner, strip), answerArrow(first, strip), ...arrowsOf(after, strip)];
}

function requestArrow(message: RecordedMessage, strip: (text: string) => string): Arrow {
  const [path = '', query = ''] = message.url.split('?');
  const members = [...new URLSearchParams(query)].map(([name, value]) => `${name}=${value}`);
  const details = [...members, ...(message.body === '' ? [] : [spaced(message.body)])].join(' ');
  return { is: 'request', from: fromOf(message), to: message.to, title: strip(`${message.method} ${path}`), details: strip(details) };
}

function answerArrow(message: RecordedMessage, strip: (text: string) => string): Arrow {
  const { status_code, data }: { status_code?: number; data?: unknown } = JSON.parse(message.answer);
  return {
    is: 'answer',
    from: message.to,
    to: fromOf(message),
    title: `HTTP ${message.status}, OCPI ${status_code}`,
    details: data === undefined ? '' : strip(spaced(JSON.stringify(data))),
  };
}

/** Adds spaces where a line can wrap. */
const spaced = (json: string) =>
  JSON.stringify(JSON.parse(json), null, 1)
    .replace(/\n\s*/g, ' ')
    .replace(/([[{]) | ([\]}])/g, '$1$2');
