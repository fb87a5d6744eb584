/**
 * Why a request to a peer has no usable answer, in the words of logs, metrics and console:
 * `refused` no connection, or a request that may not be sent as it is; `dns` the name is unknown; `tls` no trust in the other side;
 * `timeout` out of time at any stage; `bad_body` an answer came but is too large, cut off, compressed or no HTTP;
 * `reset_after_send` the connection broke before any answer; `origin_blocked` the URL or its address is not allowed; `redirect` a 3xx.
 */
export type FailureCause = 'refused' | 'dns' | 'tls' | 'timeout' | 'bad_body' | 'reset_after_send' | 'origin_blocked' | 'redirect';

/** Headers of an answer: names in lower case, a list where one came more than once. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** No answer that can be used. `sent` is false only if the peer cannot have seen any of the request; `detail` is for logs and names no path. */
export type Failure = {
  is: 'FAILED';
  because: FailureCause;
  sent: boolean;
  detail: string;
};

/** What became of one request to a peer. */
export type Answer = { is: 'ANSWERED'; status: number; headers: AnswerHeaders; body: string } | Failure;

/** A request that did not leave. */
export const notSent = (because: FailureCause, detail: string): Failure => ({
  is: 'FAILED',
  because,
  sent: false,
  detail,
});

/** The value of a header (name in lower case), the first if it came more than once. */
export function headerOf(headers: AnswerHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
