import { createServer, type Socket } from 'node:net';
import { listenOnLoopback } from '../loopback.ts';
import { readMessages } from './http-wire.ts';

/** Where to send requests about charging profiles, with the token and the party ids of sender and receiver (country NL). */
export interface ProfilesEndpoint {
  /** `http://host:port/path`, without the session id. */
  chargingProfiles: string;
  token: string;
  from: string;
  to: string;
}

/** Role of the driver towards the node: an eMSP, or an SCSP that registers at an eMSP. */
export type DriverRole = 'EMSP' | 'SCSP';

/** A simulated eMSP or SCSP that only counts: pushed sessions, results and pushed active profiles. */
export interface Emsp {
  url: string;
  /** Registers at a node (OCPI 2.2.1 §7.1.1). */
  register(at: { versionsUrl: string; token: string; as: DriverRole }): Promise<ProfilesEndpoint>;
  /** Session ids by the uid of their EVSE. */
  sessions: ReadonlyMap<string, string>;
  /** Active profiles pushed so far. */
  pushes(): number;
}

const TOKEN_B = 'b'.repeat(32);
const PARTIES = { EMSP: { from: 'MSP', to: 'EVK' }, SCSP: { from: 'SCS', to: 'MSP' } } as const;

/** Opens the eMSP on 127.0.0.1; calls `resultReceived` for each POST to `/r/<number>`. It offers a receiver of locations only with `locationReceived`, which is called for each message about one. */
export async function openEmsp(
  resultReceived: (number: number, body: string) => void,
  locationReceived?: (requestLine: string, body: string) => void,
): Promise<Emsp> {
  const sessions = new Map<string, string>();
  let pushes = 0;
  let url = '';
  const answer = (requestLine: string, body: string): string => {
    if (requestLine.startsWith('POST /r/')) {
      resultReceived(Number.parseInt(requestLine.slice(8), 10), body);
      return SUCCESS;
    }
    if (requestLine.startsWith('PUT /sessions')) {
      const { id, evse_uid, status }: { id: string; evse_uid: string; status: string } = JSON.parse(body);
      if (status !== 'COMPLETED') sessions.set(evse_uid, id);
    }
    if (requestLine.startsWith('PUT /chargingprofiles')) pushes += 1;
    if (requestLine.includes(' /locations/')) locationReceived?.(requestLine, body);
    if (requestLine.startsWith('GET /versions')) return response([{ version: '2.2.1', url: `${url}/details` }]);
    if (requestLine.startsWith('GET /details'))
      return response({ version: '2.2.1', endpoints: [...endpointsAt(url), ...(locationReceived ? [locationsAt(url)] : [])] });
    return SUCCESS;
  };
  const server = createServer({ noDelay: true }, (socket: Socket) => {
    socket.on('error', () => socket.destroy());
    readMessages(socket, ({ head, body }) => socket.write(answer(head.slice(0, head.indexOf('\r\n')), body)));
  });
  url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  return { url, sessions, pushes: () => pushes, register: (at) => register(url, at) };
}

function response(data: unknown): string {
  const body = JSON.stringify({ ...(data !== undefined && { data }), status_code: 1000, timestamp: '2026-01-01T00:00:00Z' });
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
const SUCCESS = response(undefined);

const endpointsAt = (url: string) => [
  { identifier: 'credentials', role: 'SENDER', url: `${url}/credentials` },
  { identifier: 'sessions', role: 'RECEIVER', url: `${url}/sessions` },
  { identifier: 'chargingprofiles', role: 'SENDER', url: `${url}/chargingprofiles` },
];

const locationsAt = (url: string) => ({ identifier: 'locations', role: 'RECEIVER', url: `${url}/locations` });

async function register(url: string, { versionsUrl, token, as }: { versionsUrl: string; token: string; as: DriverRole }): Promise<ProfilesEndpoint> {
  const [version] = (await send<{ version: string; url: string }[]>(versionsUrl, token)).filter((it) => it.version === '2.2.1');
  const { endpoints } = await send<{ endpoints: { identifier: string; role: string; url: string }[] }>(version?.url ?? '', token);
  const urlOf = (identifier: string) =>
    endpoints.find((it) => it.identifier === identifier && (identifier === 'credentials' || it.role === 'RECEIVER'))?.url ?? '';
  const roles = [{ role: as, party_id: PARTIES[as].from, country_code: 'NL', business_details: { name: 'Bench' } }];
  const credentials = await send<{ token: string }>(urlOf('credentials'), token, { token: TOKEN_B, url: `${url}/versions`, roles });
  return { chargingProfiles: urlOf('chargingprofiles'), token: credentials.token, ...PARTIES[as] };
}

/** GET, or POST when there is a body; returns `data` of the answer. */
async function send<T>(url: string, token: string, body?: object): Promise<T> {
  const headers = { Authorization: `Token ${Buffer.from(token).toString('base64')}`, 'Content-Type': 'application/json' };
  const answer = await fetch(url, { method: body ? 'POST' : 'GET', headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  const { data, status_code }: { data: T; status_code: number } = JSON.parse(text);
  if (status_code !== 1000) throw new Error(`${url} answered ${answer.status} ${text}`);
  return data;
}
