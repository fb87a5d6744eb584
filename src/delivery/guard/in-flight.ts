import { type Dispatcher, errors } from 'undici';
import type { Answer, AnswerHeaders, FailureCause } from './answer.ts';
import { ConnectionError } from './connection.ts';

/** Answers that only announce another (100 to 199); a peer that sends more of them means no good (SEC-07). */
const mostAnnouncements = 5;
/** Thrown, not aborted with, where a request must not be written: undici then drops it and keeps the connection. */
const notWanted = new Error('no longer wanted');

/** One request from its start to its only outcome: collects the answer within its limits and turns every way to fail into a value. */
export class InFlight implements Dispatcher.DispatchHandler {
  readonly #settle: (answer: Answer) => void;
  readonly #mostBytes: number;
  #controller: Dispatcher.DispatchController | undefined;
  #headers: AnswerHeaders = {};
  #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #announcements = 0;
  #sent = false;
  #over = false;

  constructor(mostBytes: number, settle: (answer: Answer) => void) {
    this.#mostBytes = mostBytes;
    this.#settle = settle;
  }

  /** Ends the wait; a request still queued will not be sent any more, one on the way loses its connection. */
  fail(because: FailureCause, detail: string): void {
    if (this.#over) return;
    this.#end({ is: 'FAILED', because, sent: this.#sent, detail });
    this.#controller?.abort(notWanted);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#sent) this.fail('reset_after_send', 'the connection broke before any answer');
    // A message goes out once or not at all (TRN-53): neither when given up while queued, nor when undici would write it anew.
    if (this.#over) throw notWanted;
    this.#sent = true;
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    this.#announcements += status < 200 ? 1 : 0;
    if (this.#announcements > mostAnnouncements) this.fail('bad_body', `announced an answer ${this.#announcements} times without giving one`);
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#lookAtHead(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#mostBytes) this.#tooLarge();
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

  /** What is plain from the headers need not wait for the body. */
  #lookAtHead(status: number, headers: AnswerHeaders): void {
    const encoding = headers['content-encoding'];
    if (status >= 300 && status < 400) this.fail('redirect', `answered ${status}; redirects are not followed`);
    else if (encoding !== undefined && encoding !== 'identity') this.fail('bad_body', 'answered with a compressed body although none was accepted');
    else if (Number(headers['content-length'] ?? 0) > this.#mostBytes) this.#tooLarge();
  }

  #tooLarge(): void {
    this.fail('bad_body', `answered with more than ${this.#mostBytes} bytes`);
  }

  #end(answer: Answer): void {
    this.#over = true;
    this.#chunks = [];
    this.#settle(answer);
  }
}

/** Stands for what broke: the first row that holds, from the request's beginning to its end. */
function causeOf(error: Error, sent: boolean, answered: boolean): FailureCause {
  if (error instanceof ConnectionError) return error.because;
  if (error instanceof errors.HeadersTimeoutError) return 'timeout';
  if (!sent) return 'refused';
  return answered || isWrongAnswer(error) ? 'bad_body' : 'reset_after_send';
}

/** Tells an answer that came but is no proper HTTP from none. `100 Continue` and `101 Switching Protocols`, never asked for, have no class of their own. */
const isWrongAnswer = (error: Error) =>
  error instanceof errors.HTTPParserError ||
  error instanceof errors.HeadersOverflowError ||
  error instanceof errors.ResponseContentLengthMismatchError ||
  error.message === 'bad response' ||
  error.message === 'bad upgrade';
