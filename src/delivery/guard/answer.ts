/**
 * Why a request to a peer has no usable answer; logs, metrics and the console use the same values:
 * `refused`: no connection, or the request has a header that must not be sent; `dns`: the host name has no address;
 * `tls`: the peer's certificate is not trusted; `timeout`: a time limit passed at any stage;
 * `bad_body`: the answer is too large, incomplete, compressed or not HTTP; `reset_after_send`: the connection broke before any answer;
 * `origin_blocked`: the URL or its address is not allowed; `redirect`: the answer was a 3xx.
 */
export type FailureCause = 'refused' | 'dns' | 'tls' | 'timeout' | 'bad_body' | 'reset_after_send' | 'origin_blocked' | 'redirect';

/** Headers of an answer: names in lower case, a list when a header came more than once. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** There is no usable answer. `sent` is false only if the peer cannot have received any part of the request; `detail` is for logs and contains no path. */
export type Failure = {
  is: 'FAILED';
  because: FailureCause;
  sent: boolean;
  detail: string;
};

/** The HTTP answer of a peer, or why there is none. */
export type Answer = { is: 'ANSWERED'; status: number; headers: AnswerHeaders; body: string } | Failure;

/** The failure of a request that was not sent. */
export const notSent = (because: FailureCause, detail: string): Failure => ({
  is: 'FAILED',
  because,
  sent: false,
  detail,
});

/** The value of a header by its lower-case name; the first one if it came more than once. */
export function headerOf(headers: AnswerHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
