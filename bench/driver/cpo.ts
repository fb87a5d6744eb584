import { createServer } from 'node:http';
import { serveCalls, usage } from '../child-program.ts';
import { listenOnLoopback } from '../loopback.ts';
import { TOKEN_UID } from './station.ts';

/* A CPO that serves pages of sessions. The sessions are serialized beforehand, so that the measured eMSP gets the CPU. */

const TOKEN_A = 'a'.repeat(32);
const ROLE = { role: 'CPO', party_id: 'EVK', country_code: 'NL', business_details: { name: 'Bench' } };
/** Start of all sessions; each change adds one minute to last_updated and 1 kWh. */
const STARTED_AT = Date.UTC(2026, 0, 31, 9);

let url = '';
let sessions: readonly string[] = [];

const timeAfter = (minutes: number): string => new Date(STARTED_AT + minutes * 60_000).toISOString();
const sessionJson = (number: number, changes: number): string =>
  JSON.stringify({
    country_code: 'NL',
    party_id: 'EVK',
    id: `S${number}`,
    start_date_time: timeAfter(0),
    kwh: changes,
    cdr_token: { country_code: 'NL', party_id: 'MSP', uid: TOKEN_UID, type: 'RFID', contract_id: 'NL-MSP-C0001' },
    auth_method: 'WHITELIST',
    location_id: `LOC${Math.floor(number / 10)}`,
    evse_uid: `E${number}`,
    connector_id: '1',
    currency: 'EUR',
    charging_periods: [{ start_date_time: timeAfter(0), dimensions: [{ type: 'ENERGY', volume: changes }] }],
    total_cost: { excl_vat: changes / 2, incl_vat: changes },
    status: 'ACTIVE',
    last_updated: timeAfter(changes),
  });

const success = (data: string): string => `{"data":${data},"status_code":1000,"timestamp":"2026-01-31T12:00:00Z"}`;
const endpoints = () => [
  { identifier: 'credentials', role: 'RECEIVER', url: `${url}/credentials` },
  { identifier: 'sessions', role: 'SENDER', url: `${url}/sessions` },
];

interface Answer {
  body: string;
  headers: Readonly<Record<string, string>>;
}

function answer(requested: URL): Answer {
  if (requested.pathname === '/sessions') return pageOfSessions(requested);
  const data =
    requested.pathname === '/versions'
      ? [{ version: '2.2.1', url: `${url}/details` }]
      : requested.pathname === '/details'
        ? { version: '2.2.1', endpoints: endpoints() }
        : { token: 'c'.repeat(32), url: `${url}/versions`, roles: [ROLE] };
  return { body: success(JSON.stringify(data)), headers: {} };
}

function pageOfSessions(requested: URL): Answer {
  const limit = Math.min(1_000, Number(requested.searchParams.get('limit') ?? 1_000));
  const offset = Number(requested.searchParams.get('offset') ?? 0);
  const next = new URL(requested);
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
  url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  return { versionsUrl: `${url}/versions`, token: TOKEN_A };
}

/** Replaces all sessions by `count` sessions that changed `changes` times. */
const setSessions = ({ count, changes }: { count: number; changes: number }): void => {
  sessions = Array.from({ length: count }, (_, number) => sessionJson(number, changes));
};

/** The simulated CPO. */
export const handlers = { open, setSessions, usage };
serveCalls(handlers);
