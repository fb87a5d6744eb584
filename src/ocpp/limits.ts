/** What one station may take of this node (SEC-23, SEC-32). */
export interface Limits {
  /** Longest message, in bytes. */
  payload: number;
  /** Orders of ours that wait or are in flight for one station. */
  orders: number;
  /** Messages a second that a station may start; more wait. */
  messagesPerSecond: number;
  /** Messages that may wait; one more closes the connection (1008). */
  burst: number;
  /** Characters that may wait in those messages. */
  unread: number;
  /** Bytes that the socket may hold back before the connection counts as dead. */
  unsent: number;
  /** Milliseconds between pings; one left unanswered until the next ends the connection. 0: no pings. */
  pingEvery: number;
  /** Milliseconds from the first byte to an authenticated upgrade. */
  upgradeWithin: number;
  /** Milliseconds that a station has to tell its abilities before they are assumed. */
  learnWithin: number;
}

export const usualLimits: Limits = {
  payload: 256 * 1024,
  orders: 8,
  messagesPerSecond: 20,
  burst: 50,
  unread: 1024 * 1024,
  unsent: 1024 * 1024,
  pingEvery: 30_000,
  upgradeWithin: 5_000,
  learnWithin: 5_000,
};
