import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { type PartnerAnswer, send } from '../../sim/partner.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Config } from '../../src/node/config/config.ts';
import { parseConfig } from '../../src/node/config/config-file.ts';
import type { Step } from '../../src/node/core/journal.ts';
import type { Log } from '../../src/node/core/log.ts';
import { createNode, type Node } from '../../src/node/node.ts';
import { isRealDateTime } from '../../src/ocpi/date-time.ts';
import { statusCodes } from '../../src/ocpi/status.ts';
import { openSecrets, openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { describedInYaml } from '../described-location.ts';
import { recordSteps, type Steps } from '../steps.ts';
import { countStoreCalls } from '../store-calls.ts';
import { databaseFor, type StoreKind } from '../world.ts';

export interface PlatformOptions {
  role?: 'CPO' | 'EMSP';
  party_id?: string;
  store?: StoreKind;
  clock?: Clock;
  /** Overrides fields of the usual configuration. */
  config?: Partial<Config>;
  aroundStore?: (store: Store) => Store;
}

/** One line of the log of a node. */
export interface LogLine {
  level: string;
  event: string;
  facts: Readonly<Record<string, unknown>>;
}

/** A node for tests between platforms: one party with one role, and no charge point that connects. */
export interface Platform extends AsyncDisposable {
  node(): Node;
  readonly url: string;
  readonly party: { role: 'CPO' | 'EMSP'; country_code: string; party_id: string };
  readonly steps: Steps['steps'];
  readonly firstStep: Steps['firstStep'];
  readonly log: readonly LogLine[];
  /** A second connection to the store of the node, as another process has it. */
  readonly store: Store;
  /** Resolves with the next step of that name from now on. */
  nextStep(name: Step['step']): Promise<Step>;
  /** Resolves with the first log line that fits, past or future. */
  logged(fits: (line: LogLine) => boolean): Promise<LogLine>;
  /** Stops the node and starts it again on the same store and port. */
  restart(config?: Partial<Config>): Promise<void>;
}

export const DEAD_STATION = 'CP-DEAD';
export const BADGE = 'DEADBEEF';

const yaml = ({ role, party_id }: Platform['party'], database: string) => `
listen: { port: 0 }
public_url: http://127.0.0.1
database: ${database}
insecure_http: true
parties: [{ role: ${role}, country_code: NL, party_id: ${party_id}, name: ${party_id} }]
${
  role === 'CPO'
    ? `ocpp: { port: 0, security_profile: 1 }
charge_points:
  - id: ${DEAD_STATION}
    password: 0123456789abcdef
    location_id: LOC1
    evses: [{ uid: E1, evse_id: 1, connector_id: 1, power_type: AC_3_PHASE, max_voltage: 230, max_amperage: 32 }]
${describedInYaml('LOC1')}
tokens:
  - { uid: ${BADGE}, type: RFID, country_code: NL, party_id: MSP, contract_id: NL-MSP-C0001 }`
    : ''
}
`;

export async function openPlatform(options: PlatformOptions = {}): Promise<Platform> {
  await using stack = new AsyncDisposableStack();
  const role = options.role ?? 'CPO';
  const party = { role, country_code: 'NL', party_id: options.party_id ?? (role === 'CPO' ? 'EVK' : 'MSP') };
  const database = await databaseFor(options.store ?? 'sqlite', stack);
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-key-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const parsed = parseConfig(yaml(party, database));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  let settings: Config = { ...parsed.value, key_file: join(folder, 'node.key'), ...options.config };
  const { steps, firstStep, follow } = recordSteps();
  const log = recordLog();
  const { clock = realClock(), aroundStore } = options;
  const start = async () =>
    follow(await createNode(settings, { clock, log: log.take, passwordCost: { log2N: 4, r: 8, p: 1 }, aroundStore: countStoreCalls(aroundStore) }));
  let node = await start();
  stack.defer(() => node[Symbol.asyncDispose]());
  const store = stack.use(await openStore(database, stack.use(openSecrets(settings).vault)));
  const resources = stack.move();
  return {
    party,
    steps,
    firstStep,
    store,
    log: log.lines,
    logged: log.logged,
    node: () => node,
    get url() {
      return node.publicUrl;
    },
    nextStep: (name) => {
      const before = new Set<Step>(steps);
      return firstStep(name, (it) => !before.has(it));
    },
    restart: async (more = {}) => {
      const { port } = new URL(node.publicUrl);
      await node[Symbol.asyncDispose]();
      settings = { ...settings, listen: { ...settings.listen, port: Number(port) }, public_url: `http://127.0.0.1:${port}`, ...more };
      node = await start();
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Collects the log lines of a node. `logged` resolves with the first line that fits, past or future. */
function recordLog() {
  const lines: LogLine[] = [];
  const watchers = new Set<(line: LogLine) => void>();
  const take: Log = (level, event, facts) => {
    const line = { level, event, facts };
    lines.push(line);
    for (const watcher of watchers) watcher(line);
  };
  const logged = (fits: (line: LogLine) => boolean): Promise<LogLine> => {
    const past = lines.find(fits);
    if (past) return Promise.resolve(past);
    return new Promise((found) => {
      const watcher = (line: LogLine) => {
        if (!fits(line)) return;
        watchers.delete(watcher);
        found(line);
      };
      watchers.add(watcher);
    });
  };
  return { lines, take, logged };
}

/** Invites a party at a node; resolves with the TOKEN_A and the versions URL. */
export async function inviteAt(platform: Platform, party_id: string, role = 'EMSP'): Promise<{ token: string; versions_url: string }> {
  const token = await platform.node().registration.invite({ role, country_code: 'NL', party_id });
  if (!token.ok) throw new Error(token.problem);
  return { token: token.value, versions_url: `${platform.url}/ocpi/versions` };
}

/** Checks what every answer of a node must have, whatever its status (TRN-38, TRN-39, TRN-41, STA-06). */
export function expectEnvelope({ http, headers, text, envelope }: PartnerAnswer): void {
  expect(headers.get('content-type'), text).toMatch(/^application\/json/);
  expect(Object.keys(statusCodes), `${http} ${text}`).toContain(String(envelope.status_code));
  expect(typeof envelope.status_code).toBe('number');
  const { timestamp } = envelope;
  expect(typeof timestamp === 'string' && isRealDateTime(timestamp), text).toBe(true);
  expect(http, text).toBeLessThan(500);
}

/** Sends one request to a node, such as `GET https://…`; checks that the answer is an envelope that repeats the request ids (TRN-46, TRN-47). */
export async function sendRequest(line: string, request: { token: string; body?: unknown; headers?: Record<string, string> }): Promise<PartnerAnswer> {
  const [method = '', url = ''] = line.split(' ');
  const headers = { 'X-Request-ID': crypto.randomUUID(), 'X-Correlation-ID': crypto.randomUUID(), ...request.headers };
  const answer = await send({ method, url, ...request, headers });
  expectEnvelope(answer);
  expect(answer.headers.get('x-request-id')).toBe(headers['X-Request-ID']);
  expect(answer.headers.get('x-correlation-id')).toBe(headers['X-Correlation-ID']);
  return answer;
}

/** HTTP status and OCPI code of an answer, such as `200 1000`. */
export const codeOf = ({ http, envelope }: PartnerAnswer) => `${http} ${envelope.status_code}`;
/** The `status_message` of an answer. */
export const statusMessageOf = ({ envelope }: PartnerAnswer) => String(envelope.status_message);

/** Credentials as a remote party sends them. */
export const credentials = (party_id: string, it: { token: string; url: string }, more: object = {}) => ({
  ...it,
  roles: [{ role: 'EMSP', country_code: 'NL', party_id, business_details: { name: party_id } }],
  ...more,
});
