import type { StationId } from '../domain/ids.ts';

/** Writes a log line: an event name, and facts that contain no secrets. */
export type Log = (level: 'info' | 'warn', event: string, facts: Readonly<Record<string, string | number>>) => void;

/** Whose a message is at a station behind a CSMS: it passes to or from the CSMS, or the node itself has sent it. */
export type FrameOwner = 'csms' | 'node';

/** How a message passed on the socket of a station; `owner`: only behind a CSMS. */
export interface FramePassing {
  direction: 'received' | 'sent';
  owner?: FrameOwner;
}

/** Receives the text of each message as it passes on the socket of a station. It must be quick and must not throw. */
export type FrameListener = (station: StationId, how: FramePassing, text: string) => void;

/** What passes on the sockets of stations, made once: thousands of messages pass in a second. */
export const PASSING = {
  received: { direction: 'received' },
  sent: { direction: 'sent' },
  fromStationToCsms: { direction: 'received', owner: 'csms' },
  fromCsms: { direction: 'sent', owner: 'csms' },
  fromNode: { direction: 'sent', owner: 'node' },
} as const satisfies Readonly<Record<string, FramePassing>>;

/** Events that a correct station never causes. Each server counts them; the names are also the names of the log events. */
export type Anomaly =
  | 'refused-unauthorized'
  | 'refused-throttled'
  | 'refused-subprotocol'
  | 'refused-path'
  | 'late-answer'
  | 'invalid-frame'
  | 'invalid-payload'
  | 'invalid-answer'
  | 'unknown-action'
  | 'repeated-message'
  | 'dropped-message'
  | 'host-failed'
  | 'closed-for-abuse'
  | 'ping-timeout'
  | 'connection-replaced'
  | 'refused-by-csms'
  | 'csms-away'
  | 'csms-lost'
  | 'passed-unread'
  | 'unasked-answer'
  | 'not-observed';

/** The message of an error, or any other thrown value as text. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Cuts text that a station or client sent to 64 characters, for a log line. */
export const shorten = (text: string): string => (text.length > 64 ? `${text.slice(0, 64)}…` : text);
