/** Time and size limits of one request to a peer (SEC-07). */
export interface Limits {
  /** Milliseconds for lookup, connection and TLS together. */
  readonly connectMs: number;
  /** Milliseconds from the request's last byte to the end of the answer's headers; accurate to one second. */
  readonly headersMs: number;
  /** Milliseconds for the whole request, with the wait for a free connection; a request may set its own. */
  readonly totalMs: number;
  /** Bytes of an answer's headers at most. */
  readonly headerBytes: number;
  /** Bytes of an answer's body at most; a request may set its own, up to `largestBody`. */
  readonly bodyBytes: number;
  /** Connections to one origin of one peer at most; further requests wait for a free one. */
  readonly connections: number;
}

/** The default limits. */
export const defaultLimits: Limits = {
  connectMs: 3_000,
  headersMs: 5_000,
  totalMs: 10_000,
  headerBytes: 16_384,
  bodyBytes: 65_536,
  connections: 50,
};

/** Upper limit of `bodyBytes` for any request; enough for a full page of sessions. */
export const largestBody = 4_194_304;
