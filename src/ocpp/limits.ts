/** What one station may use of the node (SEC-23, SEC-32). */
export interface Limits {
  /** Longest message, in bytes. */
  messageBytes: number;
  /** The node's orders that wait or are in flight for one station. */
  orders: number;
  /** Messages of a station handled per second; further ones wait. */
  messagesPerSecond: number;
  /** Messages that may wait; one more closes the connection (1008). */
  burst: number;
  /** Characters in the waiting messages and in the one being handled; more close the connection (1008). */
  queuedCharacters: number;
  /** Bytes that the socket may hold unsent before the connection is dropped. */
  unsentBytes: number;
  /** Milliseconds between pings; a ping unanswered until the next one drops the connection. 0: no pings. */
  pingInterval: number;
  /** Milliseconds from the first byte to an authenticated upgrade. */
  upgradeTimeout: number;
  /** Connections before their upgrade at most: of all clients together, and of one address. */
  pendingConnections: number;
  pendingPerAddress: number;
  /** Milliseconds that a station has to state its abilities before they are assumed. */
  abilityTimeout: number;
}

/** The limits that apply unless the options say otherwise. */
export const defaultLimits: Limits = {
  messageBytes: 256 * 1024,
  orders: 8,
  messagesPerSecond: 20,
  burst: 50,
  queuedCharacters: 1024 * 1024,
  unsentBytes: 1024 * 1024,
  pingInterval: 30_000,
  upgradeTimeout: 5_000,
  pendingConnections: 2_000,
  pendingPerAddress: 500,
  abilityTimeout: 5_000,
};
