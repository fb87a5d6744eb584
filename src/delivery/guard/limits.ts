/** How long and how much a peer may keep us busy with one request (SEC-07). */
export interface Limits {
  /** Name look-up, connection and TLS together, in milliseconds. */
  readonly connectMs: number;
  /** From the request's last byte to the end of the answer's headers, in milliseconds; kept to within a second. */
  readonly headersMs: number;
  /** The whole request with its wait for a free connection, in milliseconds; a request may set its own. */
  readonly totalMs: number;
  /** Bytes of an answer's headers. */
  readonly headerBytes: number;
  /** Bytes of an answer's body; a request may set its own, up to `largestBody`. */
  readonly bodyBytes: number;
  /** Connections to one origin of one peer; further requests wait for a free one. */
  readonly connections: number;
}

/** The limits of a node in service. */
export const defaultLimits: Limits = {
  connectMs: 3_000,
  headersMs: 5_000,
  totalMs: 10_000,
  headerBytes: 16_384,
  bodyBytes: 65_536,
  connections: 50,
};

/** Bytes of body that no request may go beyond, enough for a full page of sessions. */
export const largestBody = 4_194_304;
