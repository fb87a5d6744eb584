import { originOf } from '../../../delivery/guard/origin.ts';
import type { Config } from '../../config/config.ts';
import type { Context } from '../context.ts';
import { reachOf } from '../outgoing.ts';
import { VERSION } from '../version.ts';
import { rejectedIn, type Span, writeOtlp } from './otlp-spans.ts';

const COLLECTOR = 'collector of traces';
/** Spans that wait at most; further ones are dropped and counted. */
const MOST_WAITING = 2_048;
/** Spans of one request at most. */
const BATCH = 256;
/** The wait from the first span of a batch to its request, in ms. */
const GATHER_MS = 1_000;
/** The wait after the first failure, in ms; each further failure doubles it. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;
const TIMEOUT_MS = 5_000;
/** The last request, when the node stops. */
const LAST_TIMEOUT_MS = 1_000;

/** What the exporter uses of the node. */
export type ExporterContext = Pick<Context, 'client' | 'work' | 'metrics' | 'reportError'>;

/** Sends spans to a collector by OTLP/HTTP. It never holds up what it reports: what it cannot send is dropped and counted. */
export class SpanExporter {
  readonly #context: ExporterContext;
  readonly #target: { url: string; origin: string; instance: string };
  #waiting: Span[] = [];
  /** A request runs, or a timer will start one. */
  #armed = false;
  /** Failures in a row. */
  #failures = 0;

  constructor(context: ExporterContext, config: Pick<Config, 'public_url' | 'insecure_http' | 'reachable'>, otlp: string) {
    const url = `${otlp.replace(/\/+$/, '')}/v1/traces`;
    const origin = originOf(url, { ...reachOf(config), maxLength: url.length });
    if (!origin.ok) throw new Error(`telemetry.otlp: ${origin.problem}`);
    this.#context = context;
    this.#target = { url, origin: origin.value, instance: config.public_url };
    context.metrics.keep('spans that wait', () => this.#waiting.length);
  }

  add(span: Span): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#context.metrics.spans.inc({ outcome: 'dropped' });
      return;
    }
    this.#waiting.push(span);
    if (!this.#armed) this.#arm();
  }

  /** Sends what waits, once. For the stop of the node, which waits for it. */
  async end(): Promise<void> {
    while (this.#waiting.length > 0 && this.#failures === 0) await this.#send(LAST_TIMEOUT_MS);
  }

  #arm(): void {
    this.#armed = true;
    const wait = this.#failures === 0 ? GATHER_MS : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - 1));
    this.#context.work.clock.after(wait, () => this.#context.work.start(COLLECTOR, () => this.#sendAll()));
  }

  async #sendAll(): Promise<void> {
    do await this.#send(TIMEOUT_MS);
    while (this.#failures === 0 && this.#waiting.length >= BATCH);
    this.#armed = false;
    if (this.#waiting.length > 0) this.#arm();
  }

  async #send(totalTimeoutMs: number): Promise<void> {
    const batch = this.#waiting.splice(0, BATCH);
    const { url, origin, instance } = this.#target;
    const answer = await this.#context.client.request({
      peer: COLLECTOR,
      origins: new Set([origin]),
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      body: writeOtlp(batch, { version: VERSION, instance }),
      totalTimeoutMs,
    });
    const problem = answer.is === 'FAILED' ? answer.because : answer.status >= 200 && answer.status < 300 ? undefined : `HTTP ${answer.status}`;
    const dropped = problem === undefined && answer.is !== 'FAILED' ? Math.min(batch.length, rejectedIn(answer.body)) : batch.length;
    this.#context.metrics.spans.inc({ outcome: 'dropped' }, dropped);
    this.#context.metrics.spans.inc({ outcome: 'sent' }, batch.length - dropped);
    if (problem !== undefined && this.#failures === 0)
      this.#context.reportError(COLLECTOR, `${origin} did not take traces (${problem}); they are dropped until it takes them`);
    this.#failures = problem === undefined ? 0 : this.#failures + 1;
  }
}
