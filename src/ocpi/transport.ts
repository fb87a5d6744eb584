/** One HTTP request, ready to go. */
export interface OutgoingRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

/**
 * What came back, with header names in lower case; or why nothing did. `because` is one word of the outcome vocabulary
 * (refused, dns, tls, timeout, origin_blocked …); `sent` says that the peer may have got the request.
 */
export type HttpAnswer =
  | { is: 'ANSWERED'; status: number; headers: Readonly<Record<string, string>>; body: string }
  | { is: 'FAILED'; because: string; sent: boolean; detail: string };

/** Carries requests to peers; the guarded client of a node is one. */
export type Transport = (request: OutgoingRequest) => Promise<HttpAnswer>;
