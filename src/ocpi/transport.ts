/** One HTTP request to a peer. */
export interface OutgoingRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

/**
 * The HTTP answer, with header names in lower case, or why there is none. `because` is a cause such as refused, dns, tls, timeout or
 * origin_blocked; `sent` says whether the peer may have received the request.
 */
export type HttpAnswer =
  | { is: 'ANSWERED'; status: number; headers: Readonly<Record<string, string>>; body: string }
  | { is: 'FAILED'; because: string; sent: boolean; detail: string };

/** Sends one HTTP request; a node uses its guarded client. Failures are values, it does not reject. */
export type Transport = (request: OutgoingRequest) => Promise<HttpAnswer>;
