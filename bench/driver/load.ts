import type { Emsp, ProfilesEndpoint } from './emsp.ts';
import { Connections, type Message } from './http-wire.ts';

/** `closed`: a new flow starts when one ends, so `inFlight` run at a time. `open`: a fixed number starts each second. */
export type Pace = { is: 'closed'; inFlight: number } | { is: 'open'; perSecond: number };

/** Flows that ended between two marks. Times are in ms from the start of the request: `sync` to the answer, `endToEnd` to the result. */
export interface Lap {
  flows: number;
  seconds: number;
  sync: Quantiles;
  endToEnd: Quantiles;
  errors: number;
  /** Active profiles that were pushed. */
  pushes: number;
}
export interface Quantiles {
  p50: number;
  p99: number;
}

interface Flow {
  session: string;
  startedAt: number;
  answeredAt: number | undefined;
  resultAt: number | undefined;
}

/** Runs flows (PUT, answer, result) against one endpoint. Each session has at most one flow; the session that waited longest is next. */
export class Load {
  readonly #emsp: Emsp;
  readonly #connections: Connections;
  readonly #head: string;
  readonly #path: string;
  readonly #idleSessions: string[];
  readonly #flows = new Map<number, Flow>();
  #pace: Pace = { is: 'closed', inFlight: 0 };
  #started = 0;
  /** Start times of flows that wait for a session. */
  #waiting: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lap = { at: 0, flows: 0, errors: 0, pushes: 0, sync: [] as number[], endToEnd: [] as number[] };
  /** The first answer or result that was not ACCEPTED. */
  firstError = '';
  /** Results that came twice, or for no known request. */
  strays = 0;

  private constructor(emsp: Emsp, connections: Connections, to: { endpoint: ProfilesEndpoint; sessions: readonly string[] }) {
    const { pathname, host } = new URL(to.endpoint.chargingProfiles);
    this.#emsp = emsp;
    this.#connections = connections;
    this.#path = pathname;
    this.#idleSessions = [...to.sessions];
    const token = Buffer.from(to.endpoint.token).toString('base64');
    const { from, to: receiver } = to.endpoint;
    const routing = `OCPI-to-country-code: NL\r\nOCPI-to-party-id: ${receiver}\r\nOCPI-from-country-code: NL\r\nOCPI-from-party-id: ${from}`;
    this.#head = `Host: ${host}\r\nAuthorization: Token ${token}\r\nContent-Type: application/json\r\n${routing}`;
  }

  static async open(emsp: Emsp, to: { endpoint: ProfilesEndpoint; sessions: readonly string[]; connections: number }): Promise<Load> {
    const { hostname, port } = new URL(to.endpoint.chargingProfiles);
    return new Load(emsp, await Connections.open({ host: hostname, port: Number(port), count: to.connections }), to);
  }

  start(pace: Pace): void {
    this.#pace = pace;
    this.mark();
    if (pace.is === 'closed') for (let n = 0; n < pace.inFlight; n++) this.#startFlow(performance.now());
    else this.#startDueFlows(performance.now(), 0);
  }

  /** Starts the flows that are due. A flow that starts late is timed from the moment it was due. */
  #startDueFlows(since: number, alreadyStarted: number): void {
    if (this.#pace.is === 'closed') return;
    const { perSecond } = this.#pace;
    const due = Math.floor(((performance.now() - since) / 1000) * perSecond);
    for (let n = alreadyStarted; n < due; n++) this.#startFlow(since + (n / perSecond) * 1000);
    this.#timer = setTimeout(() => this.#startDueFlows(since, due), 2);
  }

  #startFlow(at: number): void {
    const session = this.#idleSessions.shift();
    if (session === undefined) {
      this.#waiting.push(at);
      return;
    }
    this.#started += 1;
    const number = this.#started;
    this.#flows.set(number, { session, startedAt: at, answeredAt: undefined, resultAt: undefined });
    this.#connections.send(this.#request(number, session), (message) => this.#answered(number, message));
  }

  #request(number: number, session: string): string {
    const limit = 6 + (number % 26);
    const periods = `[{"start_period":0,"limit":${limit}},{"start_period":300,"limit":16},{"start_period":600,"limit":32}]`;
    const profile = `{"charging_rate_unit":"A","duration":900,"charging_profile_period":${periods}}`;
    const body = `{"charging_profile":${profile},"response_url":"${this.#emsp.url}/r/${number}"}`;
    const ids = `X-Request-ID: bench-${number}\r\nX-Correlation-ID: bench-${number}`;
    return `PUT ${this.#path}/${session} HTTP/1.1\r\n${this.#head}\r\n${ids}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  }

  #answered(number: number, { head, body }: Message): void {
    const flow = this.#flows.get(number);
    if (!flow) return;
    if (head.startsWith('HTTP/1.1 200') && body.includes('"result":"ACCEPTED"')) {
      flow.answeredAt = performance.now();
      this.#lap.sync.push(flow.answeredAt - flow.startedAt);
      this.#endWhenComplete(number, flow);
      return;
    }
    this.#lap.errors += 1;
    this.firstError ||= `${head.slice(0, 40)} ${body.slice(0, 300)}`;
    this.#end(number, flow);
  }

  /** Takes a session out; false while a flow is under way on it. */
  removeSession(session: string): boolean {
    const at = this.#idleSessions.indexOf(session);
    if (at >= 0) this.#idleSessions.splice(at, 1);
    return at >= 0;
  }

  /** Adds a session that began after the load. */
  addSession(session: string): void {
    this.#idleSessions.push(session);
  }

  /** A result came to the response_url of a flow. */
  resultReceived(number: number, body: string): void {
    const flow = this.#flows.get(number);
    if (!flow || flow.resultAt !== undefined) {
      this.strays += 1;
      return;
    }
    if (!body.includes('"result":"ACCEPTED"')) {
      this.#lap.errors += 1;
      this.firstError ||= `result ${body.slice(0, 300)}`;
    }
    flow.resultAt = performance.now();
    this.#lap.endToEnd.push(flow.resultAt - flow.startedAt);
    this.#endWhenComplete(number, flow);
  }

  #endWhenComplete(number: number, flow: Flow): void {
    if (flow.answeredAt === undefined || flow.resultAt === undefined) return;
    this.#lap.flows += 1;
    this.#end(number, flow);
  }

  #end(number: number, { session }: Flow): void {
    this.#flows.delete(number);
    this.#idleSessions.push(session);
    const waitingSince = this.#waiting.shift();
    if (waitingSince !== undefined) this.#startFlow(waitingSince);
    else if (this.#pace.is === 'closed' && this.#flows.size < this.#pace.inFlight) this.#startFlow(performance.now());
  }

  /** Returns what happened since the last mark, and starts a new lap. */
  mark(): Lap {
    const { at, flows, errors, pushes, sync, endToEnd } = this.#lap;
    const now = performance.now();
    this.#lap = { at: now, flows: 0, errors: 0, pushes: this.#emsp.pushes(), sync: [], endToEnd: [] };
    return { flows, seconds: (now - at) / 1000, sync: quantiles(sync), endToEnd: quantiles(endToEnd), errors, pushes: this.#lap.pushes - pushes };
  }

  /** Starts no new flow and waits for the open ones. `lost`: accepted, but no result came in time; `unanswered`: not even an answer. */
  async stop(timeoutMs: number): Promise<{ lost: number; unanswered: number }> {
    this.#pace = { is: 'closed', inFlight: 0 };
    clearTimeout(this.#timer);
    this.#waiting = [];
    const until = performance.now() + timeoutMs;
    while (this.#flows.size > 0 && performance.now() < until) await new Promise((then) => setTimeout(then, 20));
    const open = [...this.#flows.values()];
    return { lost: open.filter((it) => it.answeredAt !== undefined).length, unanswered: open.filter((it) => it.answeredAt === undefined).length };
  }
}

function quantiles(values: number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
