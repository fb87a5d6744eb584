import { expect, test } from 'vitest';
import { virtualClock } from '../../../../sim/clock.ts';
import type { Answer } from '../../../delivery/guard/answer.ts';
import { epochMillis } from '../../../domain/units.ts';
import { createMetrics } from '../metrics.ts';
import { createRunningWork } from '../running-work.ts';
import type { Span } from './otlp-spans.ts';
import { SpanExporter } from './span-exporter.ts';

const CONFIG = { public_url: 'https://ocpi.example.com', insecure_http: false, reachable: [] };
const span: Span = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: undefined,
  name: 'PUT /ocpi',
  kind: 'server',
  from: epochMillis(1_000),
  to: epochMillis(1_250),
  attributes: { 'ocpi.peer': 'NL*MSP', 'http.response.status_code': 200, absent: undefined },
  failed: undefined,
};
const taken = (body = ''): Answer => ({ is: 'ANSWERED', status: 200, headers: {}, body });

/** An exporter whose collector answers as the test says. */
function open() {
  const clock = virtualClock(epochMillis(0));
  const errors: string[] = [];
  const work = createRunningWork({ clock, reportError: (what, error) => void errors.push(`${what}: ${error}`) });
  const collector = { answer: taken(), bodies: [] as { resourceSpans: { scopeSpans: { spans: unknown[] }[] }[] }[], urls: new Set<string>() };
  const metrics = createMetrics();
  const client = {
    request: async ({ url, body = '' }: { url: string; body?: string }) => {
      collector.urls.add(url);
      collector.bodies.push(JSON.parse(body));
      return collector.answer;
    },
    forget: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const exporter = new SpanExporter(
    { client, work, metrics, reportError: (what, error) => void errors.push(`${what}: ${error}`) },
    CONFIG,
    'https://collector.example:4318/',
  );
  const count = async (outcome: string) => (await metrics.spans.get()).values.find(({ labels }) => labels.outcome === outcome)?.value;
  const sizes = () => collector.bodies.map(({ resourceSpans: [resource] }) => resource?.scopeSpans[0]?.spans.length);
  const add = (times: number) => {
    for (let n = 0; n < times; n += 1) exporter.add(span);
  };
  return { clock, work, exporter, collector, errors, count, sizes, add };
}

test('OPS-D14: spans are gathered for a second and sent by OTLP with JSON, at most 256 in one request', async () => {
  const it = open();
  it.add(300);
  await it.clock.advance(900);
  expect(it.collector.bodies).toEqual([]);
  await it.clock.advance(1_200);
  expect([it.sizes(), await it.count('sent'), it.errors]).toEqual([[256, 44], 300, []]);
  expect([...it.collector.urls]).toEqual(['https://collector.example:4318/v1/traces']);
  expect(it.collector.bodies[0]?.resourceSpans[0]).toMatchObject({
    resource: { attributes: expect.arrayContaining([{ key: 'service.name', value: { stringValue: 'evenkeel' } }]) },
    scopeSpans: [{ scope: { name: 'evenkeel' } }],
  });
  expect(it.collector.bodies[0]?.resourceSpans[0]?.scopeSpans[0]?.spans[0]).toEqual({
    traceId: span.traceId,
    spanId: span.spanId,
    name: 'PUT /ocpi',
    kind: 2,
    startTimeUnixNano: '1000000000',
    endTimeUnixNano: '1250000000',
    attributes: [
      { key: 'ocpi.peer', value: { stringValue: 'NL*MSP' } },
      { key: 'http.response.status_code', value: { intValue: '200' } },
    ],
    status: { code: 0 },
  });
});

test('OPS-D14: what a collector that is away does not take is dropped and counted, one error is reported, and the pause grows', async () => {
  const it = open();
  it.collector.answer = { is: 'FAILED', because: 'refused', sent: false, detail: '' };
  it.add(10);
  await it.clock.advance(1_000);
  expect([await it.count('dropped'), it.errors]).toEqual([
    10,
    ['collector of traces: https://collector.example:4318 did not take traces (refused); they are dropped until it takes them'],
  ]);
  it.add(5_000);
  await it.clock.advance(1_000);
  expect(it.collector.bodies).toHaveLength(1);
  await it.clock.advance(14_000);
  expect(it.collector.bodies).toHaveLength(3); // after 5 s and 10 s
  expect(it.errors).toHaveLength(1);
  it.collector.answer = taken();
  await it.clock.advance(60_000);
  const [sent, dropped] = [await it.count('sent'), await it.count('dropped')];
  expect([sent, dropped]).toEqual([2_048 - 2 * 256, 5_010 - (2_048 - 2 * 256)]);
  it.add(1);
  await it.clock.advance(1_000);
  expect(await it.count('sent')).toBe((sent ?? 0) + 1);
});

test('OPS-D14: spans that the collector refuses are counted as dropped', async () => {
  const it = open();
  it.collector.answer = taken('{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}');
  it.add(3);
  await it.clock.advance(1_000);
  expect([await it.count('sent'), await it.count('dropped')]).toEqual([1, 2]);
});

test('OPS-D14: what waits is sent when the node stops', async () => {
  const it = open();
  it.add(3);
  it.work.beginStop();
  await it.exporter.end();
  expect(await it.count('sent')).toBe(3);
});
