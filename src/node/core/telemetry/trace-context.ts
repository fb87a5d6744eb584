import { createHash, randomBytes } from 'node:crypto';

/** Where a span belongs: the trace, the span that it is a part of, and whether the trace is recorded. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits; undefined: the span is the first of its trace here. */
  spanId: string | undefined;
  /** False: who began the trace does not record it, so this node does not either, and says so to others. */
  recorded: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZEROS = /^0+$/;
const RECORDED_FLAG = 1;

/** Reads a `traceparent` header (W3C Trace Context, level 1); undefined when it is absent or invalid, and then it counts as absent. */
export function readTraceparent(header: string | undefined): TraceContext | undefined {
  const [, version = '', traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(header ?? '') ?? [];
  const isWrong = traceId === '' || version === 'ff' || (version === '00' && more !== undefined) || ZEROS.test(traceId) || ZEROS.test(spanId);
  return isWrong ? undefined : { traceId, spanId, recorded: (Number.parseInt(flags, 16) & RECORDED_FLAG) === RECORDED_FLAG };
}

/** Writes the `traceparent` header of a request that is sent within the span `spanId`. */
export const printTraceparent = ({ traceId, recorded }: TraceContext, spanId: string): string => `00-${traceId}-${spanId}-${recorded ? '01' : '00'}`;

/** The trace of messages with this X-Correlation-ID when no `traceparent` came with them: the same on each node and after each restart. */
export const traceOf = (correlationId: string): TraceContext => ({
  traceId: createHash('sha256').update(correlationId).digest('hex').slice(0, 32),
  spanId: undefined,
  recorded: true,
});

/** A new span id. */
export const newSpanId = (): string => randomBytes(8).toString('hex');
