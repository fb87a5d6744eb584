import type { Clock } from '../../../domain/clock.ts';
import type { ExchangeId } from '../../../domain/ids.ts';
import type { EpochMillis } from '../../../domain/units.ts';
import type { AnsweredMessage, ReceivedMessage } from '../../../ocpi/serve.ts';
import type { Transport } from '../../../ocpi/transport.ts';
import type { Journal, Step } from '../journal.ts';
import type { KnownPeer } from '../known-peers.ts';
import type { Span } from './otlp-spans.ts';
import { newSpanId, printTraceparent, readTraceparent, type TraceContext, traceOf } from './trace-context.ts';

/** Correlation ids and exchanges that are remembered at most; the oldest are forgotten first. */
const MOST_REMEMBERED = 10_000;

/** What is known of the messages with one X-Correlation-ID. */
interface Correlated {
  trace: TraceContext;
  /** The span of the newest message that arrived with this id, and its X-Request-ID. */
  server: { spanId: string; requestId: string };
}

/**
 * The traces of a node. Messages with one X-Correlation-ID are one trace: the request of a peer, what is sent to the charge point, the
 * callback, and requests to other peers. A `traceparent` that comes with a message is continued, and each request to a peer has one.
 */
export class Traces {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #exporter: { add(span: Span): void };
  readonly #correlated = new Map<string, Correlated>();
  /** Requests to charge points that have no answer yet. */
  readonly #sending = new Map<ExchangeId, { at: EpochMillis; correlationId: string }>();

  constructor(clock: Pick<Clock, 'now'>, exporter: { add(span: Span): void }) {
    this.#clock = clock;
    this.#exporter = exporter;
  }

  /** A message of a peer has arrived. */
  received({ requestId, correlationId, traceparent }: ReceivedMessage): void {
    const before = this.#correlated.get(correlationId)?.trace;
    const trace = readTraceparent(traceparent) ?? { ...(before ?? traceOf(correlationId)), spanId: undefined };
    remember(this.#correlated, correlationId, { trace, server: { spanId: newSpanId(), requestId } });
  }

  /** The message of a peer was answered. */
  answered({ requestId, correlationId, peer, method, path, status, at, answeredAt }: AnsweredMessage<KnownPeer>): void {
    const known = this.#correlated.get(correlationId);
    if (known?.server.requestId !== requestId) return; // A newer message has the same correlation id.
    const { trace, server } = known;
    this.#add(trace, {
      ...{ spanId: server.spanId, parentSpanId: trace.spanId, name: `${method} ${path}`, kind: 'server', from: at, to: answeredAt },
      attributes: {
        ...idsOf(requestId, correlationId),
        'http.request.method': method,
        'http.route': path,
        'http.response.status_code': status,
        'ocpi.peer': peer.id,
      },
      failed: status >= 500 ? `HTTP ${status}` : undefined,
    });
  }

  /** A transport whose requests to a peer carry `traceparent` and are spans. */
  around(transport: Transport, peer: string): Transport {
    return async (request) => {
      const { 'X-Request-ID': requestId = '', 'X-Correlation-ID': correlationId = '' } = request.headers;
      const { trace, parentSpanId } = this.#within(correlationId);
      const spanId = newSpanId();
      const from = this.#clock.now();
      const answer = await transport({ ...request, headers: { ...request.headers, traceparent: printTraceparent(trace, spanId) } });
      const status = answer.is === 'ANSWERED' ? answer.status : undefined;
      const failed = answer.is === 'FAILED' ? answer.because : answer.status >= 400 ? `HTTP ${answer.status}` : undefined;
      this.#add(trace, {
        ...{ spanId, parentSpanId, name: `${request.method} ${peer}`, kind: 'client', from, to: this.#clock.now() },
        attributes: {
          ...idsOf(requestId, correlationId),
          ...{ 'http.request.method': request.method, 'server.address': hostOf(request.url), 'http.response.status_code': status, 'ocpi.peer': peer },
        },
        failed,
      });
      return answer;
    };
  }

  /** Makes a span of each request to a charge point. */
  follow(journal: Pick<Journal, 'onStep'>): void {
    journal.onStep((step) => {
      if (step.step === 'sending') remember(this.#sending, step.exchange, { at: this.#clock.now(), correlationId: step.correlationId });
      if (step.step === 'station-answered') this.#stationAnswered(step);
      if (step.step === 'outcome') this.#sending.delete(step.exchange);
    });
  }

  #stationAnswered({ exchange, kind, station, answer }: Extract<Step, { step: 'station-answered' }>): void {
    const sending = this.#sending.get(exchange);
    this.#sending.delete(exchange);
    if (!sending) return;
    const { at, correlationId } = sending;
    const { trace, parentSpanId } = this.#within(correlationId);
    this.#add(trace, {
      ...{ spanId: newSpanId(), parentSpanId, name: `OCPP ${kind} profile`, kind: 'client', from: at, to: this.#clock.now() },
      attributes: { 'ocpi.correlation_id': correlationId, 'ocpp.station': station, 'evenkeel.exchange': exchange, 'ocpp.answer': answer },
      failed: answer.startsWith('ACCEPTED') ? undefined : answer,
    });
  }

  /** The trace of a correlation id, and the span in which work for it is done. */
  #within(correlationId: string): { trace: TraceContext; parentSpanId: string | undefined } {
    const known = this.#correlated.get(correlationId);
    return { trace: known?.trace ?? traceOf(correlationId), parentSpanId: known?.server.spanId };
  }

  #add({ traceId, recorded }: TraceContext, span: Omit<Span, 'traceId'>): void {
    if (recorded) this.#exporter.add({ ...span, traceId });
  }
}

const idsOf = (requestId: string, correlationId: string) => ({ 'ocpi.request_id': requestId, 'ocpi.correlation_id': correlationId });
const hostOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).hostname : undefined);

/** Sets an entry as the newest one. */
function remember<K, V>(all: Map<K, V>, key: K, value: V): void {
  all.delete(key);
  all.set(key, value);
  if (all.size <= MOST_REMEMBERED) return;
  const [oldest] = all.keys();
  if (oldest !== undefined) all.delete(oldest);
}
