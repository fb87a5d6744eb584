import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { profilesUrl, resultPosts, resultUrl, upTo } from '../profile-requests.ts';
import { openWorld } from '../world.ts';

interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: { key: string; value: { stringValue?: string; intValue?: string } }[];
  status: { code: number };
}

/** A collector of OpenTelemetry that keeps what it takes. */
async function openCollector() {
  const spans: SentSpan[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] };
    spans.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((it) => it.spans)));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    for (const look of waiting) look();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Resolves with the spans of a trace when there are so many. */
    trace: (traceId: string, count: number) =>
      new Promise<SentSpan[]>((resolve) => {
        const look = () => {
          const found = spans.filter((it) => it.traceId === traceId);
          if (found.length >= count) resolve(found);
        };
        waiting.add(look);
        look();
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const attribute = ({ attributes }: SentSpan, name: string) => attributes.find(({ key }) => key === name)?.value.stringValue;

describe('the traces of a node', () => {
  test('OPS-D13: a request of a peer, the request to the charge point and the callback are one trace, which continues that of the peer', async () => {
    await using collector = await openCollector();
    await using world = await openWorld({ config: { telemetry: { otlp: collector.url } } });
    const emsp = await world.emsp();
    const session = await world.charging(emsp, await world.station('CP-201'));
    const body = { charging_profile: upTo(10), response_url: resultUrl(emsp, 'traced') };
    const headers = { traceparent: `00-${TRACE}-${CALLER}-01`, 'X-Correlation-ID': 'the-correlation' };
    await emsp.send({ method: 'PUT', url: profilesUrl(emsp, session), body, headers });
    const spans = await collector.trace(TRACE, 3);
    const [request] = spans.filter(({ kind }) => kind === 2);
    const [ocpp] = spans.filter(({ name }) => name.startsWith('OCPP'));
    const [callback] = spans.filter(({ name }) => name.startsWith('POST'));
    expect(request).toMatchObject({ name: 'PUT /ocpi/2.2.1/receiver/chargingprofiles/{session_id}', parentSpanId: CALLER });
    expect(ocpp).toMatchObject({ name: 'OCPP set profile', kind: 3, parentSpanId: request?.spanId });
    expect(callback).toMatchObject({ name: 'POST NL*MSP', kind: 3, parentSpanId: request?.spanId, status: { code: 0 } });
    for (const span of [request, ocpp, callback]) expect(span && attribute(span, 'ocpi.correlation_id')).toBe('the-correlation');
    expect(ocpp && attribute(ocpp, 'ocpp.station')).toBe('CP-201');
    expect(resultPosts(emsp)[0]?.headers.traceparent).toBe(`00-${TRACE}-${callback?.spanId}-01`);
    expect(JSON.stringify(spans)).not.toContain('traced');
  });

  test('OPS-D13: a trace that its beginner does not record is not recorded here either, and is passed on so', async () => {
    await using collector = await openCollector();
    await using world = await openWorld({ config: { telemetry: { otlp: collector.url } } });
    const emsp = await world.emsp();
    const session = await world.charging(emsp, await world.station('CP-16'));
    const set = async (tail: string, headers: Record<string, string>) => {
      const ended = world.nextStep('outcome');
      const body = { charging_profile: upTo(10), response_url: resultUrl(emsp, tail) };
      await emsp.send({ method: 'PUT', url: profilesUrl(emsp, session), body, headers });
      await ended;
    };
    await set('unrecorded', { traceparent: `00-${TRACE}-${CALLER}-00` });
    expect(resultPosts(emsp).at(-1)?.headers.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    await set('plain', {});
    const [, traceId = ''] = /^00-([0-9a-f]{32})-/.exec(String(resultPosts(emsp).at(-1)?.headers.traceparent)) ?? [];
    expect(traceId).not.toBe(TRACE);
    expect((await collector.trace(traceId, 3)).map(({ kind }) => kind).toSorted()).toEqual([2, 3, 3]);
  });

  test('OPS-D14: without telemetry no request has a traceparent', async () => {
    await using world = await openWorld();
    const emsp = await world.emsp();
    const session = await world.charging(emsp, await world.station('CP-16'));
    await (await emsp.set(session, upTo(10))).later;
    expect(emsp.requests.filter(({ headers }) => headers.traceparent !== undefined)).toEqual([]);
  });
});
