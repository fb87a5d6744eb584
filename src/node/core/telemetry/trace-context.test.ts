import { expect, test } from 'vitest';
import { printTraceparent, readTraceparent, traceOf } from './trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

test.each([
  ['recorded', `00-${TRACE}-${SPAN}-01`, { traceId: TRACE, spanId: SPAN, recorded: true }],
  ['not recorded', `00-${TRACE}-${SPAN}-00`, { traceId: TRACE, spanId: SPAN, recorded: false }],
  ['other flags', `00-${TRACE}-${SPAN}-03`, { traceId: TRACE, spanId: SPAN, recorded: true }],
  ['a later version with more', `01-${TRACE}-${SPAN}-01-more`, { traceId: TRACE, spanId: SPAN, recorded: true }],
  ['version 00 with more', `00-${TRACE}-${SPAN}-01-more`, undefined],
  ['version ff', `ff-${TRACE}-${SPAN}-01`, undefined],
  ['no trace', `00-${'0'.repeat(32)}-${SPAN}-01`, undefined],
  ['no span', `00-${TRACE}-${'0'.repeat(16)}-01`, undefined],
  ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`, undefined],
  ['two headers', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`, undefined],
  ['too long', `00-${TRACE}-${SPAN}-01${'a'.repeat(10_000)}`, undefined],
  ['no header', undefined, undefined],
])('OPS-D13: traceparent: %s', (_, header, read) => {
  expect(readTraceparent(header)).toEqual(read);
});

test('OPS-D13: a correlation id without traceparent has the same trace each time, and another id has another one', () => {
  const trace = traceOf('a-correlation-id');
  expect(trace).toEqual({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/), spanId: undefined, recorded: true });
  expect(traceOf('a-correlation-id')).toEqual(trace);
  expect(traceOf('another').traceId).not.toBe(trace.traceId);
  expect(readTraceparent(printTraceparent(trace, SPAN))).toEqual({ ...trace, spanId: SPAN });
});
