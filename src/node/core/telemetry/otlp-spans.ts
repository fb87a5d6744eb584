import type { EpochMillis } from '../../../domain/units.ts';

/** One piece of work in a trace. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  /** `server`: a request that arrived; `client`: one that was sent. */
  kind: 'server' | 'client';
  from: EpochMillis;
  to: EpochMillis;
  /** By the names of the semantic conventions of OpenTelemetry where they have one. No value is secret. */
  attributes: Readonly<Record<string, string | number | undefined>>;
  /** Why it failed; undefined: it succeeded. */
  failed: string | undefined;
}

/** The numbers of OTLP. */
const KIND = { server: 2, client: 3 } as const;
const STATUS = { unset: 0, error: 2 } as const;

/** Writes spans as one request of OTLP/HTTP with JSON (opentelemetry-proto 1.x, ExportTraceServiceRequest). */
export function writeOtlp(spans: readonly Span[], { version, instance }: { version: string; instance: string }): string {
  const resource = { attributes: writeAttributes({ 'service.name': 'evenkeel', 'service.version': version, 'service.instance.id': instance }) };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'evenkeel', version }, spans: spans.map(writeSpan) }] }] });
}

const writeSpan = ({ traceId, spanId, parentSpanId, name, kind, from, to, attributes, failed }: Span) => ({
  traceId,
  spanId,
  ...(parentSpanId !== undefined && { parentSpanId }),
  name,
  kind: KIND[kind],
  startTimeUnixNano: nanoseconds(from),
  endTimeUnixNano: nanoseconds(to),
  attributes: writeAttributes(attributes),
  status: failed === undefined ? { code: STATUS.unset } : { code: STATUS.error, message: failed },
});

const writeAttributes = (attributes: Span['attributes']) =>
  Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value } }],
  );

/** A 64-bit integer of OTLP is a text in JSON. */
const nanoseconds = (at: EpochMillis): string => `${Math.round(at)}000000`;

/** How many spans of a request a collector refused, by the text of its answer; 0 when it says nothing. */
export function rejectedIn(answer: string): number {
  try {
    const rejected = Number(JSON.parse(answer)?.partialSuccess?.rejectedSpans ?? 0);
    return Number.isSafeInteger(rejected) && rejected > 0 ? rejected : 0;
  } catch {
    return 0; // A collector may answer with an empty body or another format: it took the request.
  }
}
