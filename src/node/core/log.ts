import pino from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** Takes one event by name, with its facts; exchanges, sessions and peers by their ids. */
export type Log = (level: LogLevel, event: string, facts: Readonly<Record<string, unknown>>) => void;

/** Where JSON lines go; the machine's standard error unless a test says otherwise. */
export interface LogSink {
  write(line: string): void;
}

/** What goes by these names is never written, wherever it stands (SEC-25). */
const SECRET = /^(authorization|token|token_?[abc]|password|secret|key|uid|contract_?id|authorization_?reference|response_?url|encrypted\w*)$/i;
/** Tokens in headers, as error texts may quote them. */
const CREDENTIAL = /\b(Token|Bearer|Basic)\s+[\w+/=.~-]+/gi;
/** Paths and queries of addresses carry secrets of peers (a response_url is one); where they lead tells enough. */
const ADDRESS = /\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/?#@]*@)?([^\s/?#]+)[^\s"']*/gi;

/** Writes events as JSON lines by pino, secrets taken out; `silent` writes nothing. */
export function openLog(level: LogLevel | 'silent', sink: LogSink = pino.destination({ dest: 2, sync: true })): Log {
  const lines = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event', formatters: { level: (label) => ({ level: label }) } },
    sink,
  );
  return (at, event, facts) => {
    if (lines.isLevelEnabled(at)) lines[at](withoutSecrets(facts), event);
  };
}

/** The same facts, with secrets as `***` and addresses cut to their origin. */
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
