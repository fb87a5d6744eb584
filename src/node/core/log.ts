import pino from 'pino';

/** The levels of log events, least important first. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** Logs one event by name with its facts; exchanges, sessions and peers are named by their ids. */
export type Log = (level: LogLevel, event: string, facts: Readonly<Record<string, unknown>>) => void;

/** Where JSON lines go: standard error, or a collector in tests. */
export interface LogSink {
  write(line: string): void;
}

/** Values with these names are never logged, at any depth (SEC-25). */
const SECRET = /^(authorization|token|token_?[abc]|password|secret|key|uid|contract_?id|authorization_?reference|response_?url|encrypted\w*)$/i;
/** Tokens of Authorization headers, which error texts may quote. */
const CREDENTIAL = /\b(Token|Bearer|Basic)\s+[\w+/=.~-]+/gi;
/** Paths and queries of URLs carry secrets of peers, such as a response_url: only the origin is logged. */
const ADDRESS = /\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/?#@]*@)?([^\s/?#]+)[^\s"']*/gi;

/** Writes events as JSON lines by pino, without secrets; `silent` writes nothing. */
export function openLog(level: LogLevel | 'silent', sink: LogSink = pino.destination({ dest: 2, sync: true })): Log {
  const lines = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event', formatters: { level: (label) => ({ level: label }) } },
    sink,
  );
  return (at, event, facts) => {
    if (lines.isLevelEnabled(at)) lines[at](withoutSecrets(facts), event);
  };
}

/** The same facts, with secrets as `***` and URLs cut to their origin. */
export function withoutSecrets(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([name]) => name !== 'event')
      .map(([name, value]) => [name, SECRET.test(name) ? '***' : clean(value)]),
  );
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(ADDRESS, '$1$2').replace(CREDENTIAL, '$1 ***');
  if (value instanceof Error) return clean(value.message);
  if (Array.isArray(value)) return value.map(clean);
  return typeof value === 'object' && value !== null ? withoutSecrets({ ...value }) : value;
}
