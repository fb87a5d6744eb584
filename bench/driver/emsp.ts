import { createServer, type Socket } from 'node:net';
import { readMessages } from './http-wire.ts';

/** Where one platform is asked about charging profiles, with which token, and between which parties of the country. */
export interface ProfilesEndpoint {
  /** `http://host:port/path`, without the session's id. */
  chargingProfiles: string;
  token: string;
  from: string;
  to: string;
}

/** What the driver is to the platform that it asks: an eMSP, or an SCSP whose platform is an eMSP. */
export type DriverRole = 'EMSP' | 'SCSP';

/** A foreign eMSP or SCSP that only counts: sessions pushed to it, results, and pushes of active profiles. */
export interface Emsp {
  url: string;
  /** Registers at a node as OCPI 2.2.1 §7.1.1 tells. */
  register(at: { versionsUrl: string; token: string; as: DriverRole }): Promise<ProfilesEndpoint>;
  /** Ids of sessions by the uid of their EVSE. */
  sessions: ReadonlyMap<string, string>;
  /** Pushes of active profiles so far. */
  pushes(): number;
}

const TOKEN_B = 'b'.repeat(32);
const PARTIES = { EMSP: { from: 'MSP', to: 'EVK' }, SCSP: { from: 'SCS', to: 'MSP' } } as const;

/** Opens the eMSP on loopback; `result` hears of each POST to `/r/<number>`. */
export async function openEmsp(result: (number: number, body: string) => void): Promise<Emsp> {
  const sessions = new Map<string, string>();
  let pushes = 0;
  let url = '';
  const answer = (line: string, body: string): string => {
    if (line.startsWith('POST /r/')) {
      result(Number.parseInt(line.slice(8), 10), body);
      return done;
    }
    if (line.startsWith('PUT /sessions')) {
      const { id, evse_uid }: { id: string; evse_uid: string } = JSON.parse(body);
      sessions.set(evse_uid, id);
    }
    if (line.startsWith('PUT /chargingprofiles')) pushes += 1;
    if (line.startsWith('GET /versions')) return reply([{ version: '2.2.1', url: `${url}/details` }]);
    if (line.startsWith('GET /details')) return reply({ version: '2.2.1', endpoints: endpointsAt(url) });
    return done;
  };
  const server = createServer({ noDelay: true }, (socket: Socket) => {
    socket.on('error', () => socket.destroy());
    readMessages(socket, ({ head, body }) => socket.write(answer(head.slice(0, head.indexOf('\r\n')), body)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  return { url, sessions, pushes: () => pushes, register: (at) => register(url, at) };
}

function reply(data: unknown): string {
  const body = JSON.stringify({ ...(data !== undefined && { data }), status_code: 1000, timestamp: '2026-01-01T00:00:00Z' });
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
const done = reply(undefined);

const endpointsAt = (url: string) => [
  { identifier: 'credentials', role: 'SENDER', url: `${url}/credentials` },
  { identifier: 'sessions', role: 'RECEIVER', url: `${url}/sessions` },
  { identifier: 'chargingprofiles', role: 'SENDER', url: `${url}/chargingprofiles` },
];

async function register(url: string, { versionsUrl, token, as }: { versionsUrl: string; token: string; as: DriverRole }): Promise<ProfilesEndpoint> {
  const [version] = (await ask<{ version: string; url: string }[]>(versionsUrl, token)).filter((it) => it.version === '2.2.1');
  const { endpoints } = await ask<{ endpoints: { identifier: string; role: string; url: string }[] }>(version?.url ?? '', token);
  const urlOf = (identifier: string) =>
    endpoints.find((it) => it.identifier === identifier && (identifier === 'credentials' || it.role === 'RECEIVER'))?.url ?? '';
  const roles = [{ role: as, party_id: PARTIES[as].from, country_code: 'NL', business_details: { name: 'Bench' } }];
  const given = await ask<{ token: string }>(urlOf('credentials'), token, { token: TOKEN_B, url: `${url}/versions`, roles });
  return { chargingProfiles: urlOf('chargingprofiles'), token: given.token, ...PARTIES[as] };
}

async function ask<T>(url: string, token: string, body?: object): Promise<T> {
  const headers = { Authorization: `Token ${Buffer.from(token).toString('base64')}`, 'Content-Type': 'application/json' };
  const answer = await fetch(url, { method: body ? 'POST' : 'GET', headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  const { data, status_code }: { data: T; status_code: number } = JSON.parse(text);
  if (status_code !== 1000) throw new Error(`${url} answered ${answer.status} ${text}`);
  return data;
}
