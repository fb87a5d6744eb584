import { createServer } from 'node:http';
import { serveCalls, usage } from '../child-program.ts';
import { TOKEN_UID } from './station.ts';

/** A foreign CPO that tells of sessions, page by page, as fast as it can: it takes no time from whom it is to measure. */
const INVITE = 'a'.repeat(32);
const ROLE = { role: 'CPO', party_id: 'EVK', country_code: 'NL', business_details: { name: 'Bench' } };
/** All of them began at this moment; each change moves them on by a minute. */
const BEGAN = Date.UTC(2026, 0, 31, 9);

let url = '';
let sessions: readonly string[] = [];

const at = (minutes: number): string => new Date(BEGAN + minutes * 60_000).toISOString();
const sessionOf = (number: number, changes: number): string =>
  JSON.stringify({
    country_code: 'NL',
    party_id: 'EVK',
    id: `S${number}`,
    start_date_time: at(0),
    kwh: changes,
    cdr_token: { country_code: 'NL', party_id: 'MSP', uid: TOKEN_UID, type: 'RFID', contract_id: 'NL-MSP-C0001' },
    auth_method: 'WHITELIST',
    location_id: `LOC${Math.floor(number / 10)}`,
    evse_uid: `E${number}`,
    connector_id: '1',
    currency: 'EUR',
    charging_periods: [{ start_date_time: at(0), dimensions: [{ type: 'ENERGY', volume: changes }] }],
    total_cost: { excl_vat: changes / 2, incl_vat: changes },
    status: 'ACTIVE',
    last_updated: at(changes),
  });

const success = (data: string): string => `{"data":${data},"status_code":1000,"timestamp":"2026-01-31T12:00:00Z"}`;
const endpoints = () => [
  { identifier: 'credentials', role: 'RECEIVER', url: `${url}/credentials` },
  { identifier: 'sessions', role: 'SENDER', url: `${url}/sessions` },
];

/** The answer to one request, and the headers of a page. */
function answer(asked: URL): { body: string; headers: Readonly<Record<string, string>> } {
  if (asked.pathname === '/sessions') return page(asked);
  const data =
    asked.pathname === '/versions'
      ? [{ version: '2.2.1', url: `${url}/details` }]
      : asked.pathname === '/details'
        ? { version: '2.2.1', endpoints: endpoints() }
        : { token: 'c'.repeat(32), url: `${url}/versions`, roles: [ROLE] };
  return { body: success(JSON.stringify(data)), headers: {} };
}

function page(asked: URL): { body: string; headers: Readonly<Record<string, string>> } {
  const limit = Math.min(1_000, Number(asked.searchParams.get('limit') ?? 1_000));
  const offset = Number(asked.searchParams.get('offset') ?? 0);
  const next = new URL(asked);
  next.searchParams.set('offset', `${offset + limit}`);
  const more = offset + limit < sessions.length;
  const headers = { 'X-Total-Count': `${sessions.length}`, 'X-Limit': `${limit}`, ...(more && { Link: `<${next.href}>; rel="next"` }) };
  return { body: success(`[${sessions.slice(offset, offset + limit).join(',')}]`), headers };
}

async function open(): Promise<{ versionsUrl: string; token: string }> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const { body, headers } = answer(new URL(request.url ?? '/', url));
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers }).end(body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  return { versionsUrl: `${url}/versions`, token: INVITE };
}

/** So many sessions, each changed so often. */
const hold = ({ count, changes }: { count: number; changes: number }): void => {
  sessions = Array.from({ length: count }, (_, number) => sessionOf(number, changes));
};

/** What the foreign CPO is asked. */
export const handlers = { open, hold, usage };
serveCalls(handlers);
