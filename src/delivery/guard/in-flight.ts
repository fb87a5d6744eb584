import { type Dispatcher, errors } from 'undici';
import type { Answer, AnswerHeaders, FailureCause } from './answer.ts';
import { ConnectionError } from './connection.ts';

/** Informational answers (1xx) before the final one; more are treated as an attack (SEC-07). */
const maxInformational = 5;
/** Thrown before a request is written: undici then drops the request and keeps the connection. */
const cancelled = new Error('the request was cancelled');

/** One running request: collects the answer within its limits and turns every failure into a value. */
export class InFlight implements Dispatcher.DispatchHandler {
  readonly #settle: (answer: Answer) => void;
  readonly #maxBytes: number;
  #controller: Dispatcher.DispatchController | undefined;
  #headers: AnswerHeaders = {};
  #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #informational = 0;
  #sent = false;
  #over = false;

  constructor(maxBytes: number, settle: (answer: Answer) => void) {
    this.#maxBytes = maxBytes;
    this.#settle = settle;
  }

  /** Settles with a failure. A queued request will not be sent; a sent one loses its connection. */
  fail(because: FailureCause, detail: string): void {
    if (this.#over) return;
    this.#end({ is: 'FAILED', because, sent: this.#sent, detail });
    this.#controller?.abort(cancelled);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#sent) this.fail('reset_after_send', 'the connection broke before any answer');
    // A request is sent at most once (TRN-53): not after it failed in the queue, and not again when undici would repeat it.
    if (this.#over) throw cancelled;
    this.#sent = true;
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    this.#informational += status < 200 ? 1 : 0;
    if (this.#informational > maxInformational) this.fail('bad_body', `found ${this.#informational} informational answers (1xx), allowed: ${maxInformational}`);
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#checkHead(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#failTooLarge();
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    const [first] = this.#chunks;
    const whole = this.#chunks.length > 1 ? Buffer.concat(this.#chunks, this.#bytes) : first;
    this.#end({
      is: 'ANSWERED',
      status: this.#status,
      headers: this.#headers,
      body: whole ? whole.toString('utf8') : '',
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(causeOf(error, this.#sent, this.#status > 0), error.message);
  }

  /** Fails on what the headers show, before the body arrives. */
  #checkHead(status: number, headers: AnswerHeaders): void {
    const encoding = headers['content-encoding'];
    if (status >= 300 && status < 400) this.fail('redirect', `HTTP ${status}: redirects are not followed`);
    else if (encoding !== undefined && encoding !== 'identity') this.fail('bad_body', `content-encoding: found ${String(encoding)}, allowed: identity`);
    else if (Number(headers['content-length'] ?? 0) > this.#maxBytes) this.#failTooLarge();
  }

  #failTooLarge(): void {
    this.fail('bad_body', `body: found more than ${this.#maxBytes} bytes`);
  }

  #end(answer: Answer): void {
    this.#over = true;
    this.#chunks = [];
    this.#settle(answer);
  }
}

/** The cause of a failure; the conditions follow the request from its beginning to its end, the first that holds decides. */
function causeOf(error: Error, sent: boolean, answered: boolean): FailureCause {
  if (error instanceof ConnectionError) return error.because;
  if (error instanceof errors.HeadersTimeoutError) return 'timeout';
  if (!sent) return 'refused';
  return answered || isInvalidHttp(error) ? 'bad_body' : 'reset_after_send';
}

/** Whether an answer arrived that is not valid HTTP. undici has no error class for an unexpected `100 Continue` or `101 Switching Protocols`. */
const isInvalidHttp = (error: Error) =>
  error instanceof errors.HTTPParserError ||
  error instanceof errors.HeadersOverflowError ||
  error instanceof errors.ResponseContentLengthMismatchError ||
  error.message === 'bad response' ||
  error.message === 'bad upgrade';
