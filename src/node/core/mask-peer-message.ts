import { maskUrl } from './mask-url.ts';

/** Texts of profiles, answers and results that name neither a driver nor a secret; every other text of a peer is hidden (SEC-25, SEC-47). */
const PLAIN = new Set(['result', 'timestamp', 'start_date_time', 'charging_rate_unit']);
/** A name of a field is shown when it looks like one. */
const NAME = /^\w{1,40}$/;

/** The body of an OCPI message about profiles as it may be kept; `hide` removes the ids of the driver from a status_message. */
export function maskPeerMessage(text: string, hide: (message: string) => string): string {
  if (text === '') return '';
  try {
    return JSON.stringify(maskIn(JSON.parse(text), hide));
  } catch {
    return `*** (${text.length} characters that are not JSON)`;
  }
}

/** The status_message of an answer, when it has one. */
export function statusMessageIn(answer: string): string | undefined {
  try {
    const { status_message: message }: { status_message?: unknown } = Object(JSON.parse(answer));
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

function maskIn(value: unknown, hide: (message: string) => string): unknown {
  if (typeof value === 'string') return '***';
  if (Array.isArray(value)) return value.map((it) => maskIn(it, hide));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      NAME.test(name) ? name : '***',
      typeof inner === 'string' ? maskText(name, inner, hide) : maskIn(inner, hide),
    ]),
  );
}

function maskText(name: string, text: string, hide: (message: string) => string): string {
  if (PLAIN.has(name)) return text;
  if (name === 'response_url') return maskUrl(text);
  return name === 'status_message' ? hide(text) : '***';
}

/** The URL of a request about profiles: of a peer's URL the path before the session is hidden, and the path of a response_url always. */
export function maskRequestUrl(url: string): string {
  const [path = '', query] = url.split('?', 2);
  const own = path.startsWith('/') ? path : `${maskUrl(path)}/${path.slice(path.lastIndexOf('/') + 1)}`;
  if (query === undefined) return own;
  const parts = query.split('&').map((part) => (/^response_url=/i.test(part) ? `response_url=${maskUrl(decoded(part.slice('response_url='.length)))}` : part));
  return `${own}?${parts.join('&')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
