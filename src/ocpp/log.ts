/** Where events for the operator go: a name, and facts that hold no secret. */
export type Log = (level: 'info' | 'warn', event: string, facts: Readonly<Record<string, string | number>>) => void;

/** Things that should not happen, counted by name; the counts of one server. */
export type Anomaly =
  | 'refused-unauthorized'
  | 'refused-subprotocol'
  | 'refused-path'
  | 'late-answer'
  | 'unreadable-message'
  | 'unfit-message'
  | 'unknown-action'
  | 'repeated-message'
  | 'dropped-message'
  | 'malformed-answer'
  | 'failed-host'
  | 'closed-for-abuse'
  | 'closed-silent'
  | 'replaced';

/** What an error says. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Text of a stranger, short enough for a log line. */
export const cut = (text: string): string => (text.length > 64 ? `${text.slice(0, 64)}…` : text);
