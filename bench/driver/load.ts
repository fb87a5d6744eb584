import type { Emsp, ProfilesEndpoint } from './emsp.ts';
import { Connections, type Message } from './http-wire.ts';

/** How flows are begun: one whenever another ends, or so many a second whatever happens. */
export type Pace = { is: 'closed'; inFlight: number } | { is: 'open'; perSecond: number };

/** Flows that ended between two marks; times in milliseconds from the request's first byte. */
export interface Lap {
  flows: number;
  seconds: number;
  sync: Quantiles;
  endToEnd: Quantiles;
  errors: number;
  pushes: number;
}
export interface Quantiles {
  p50: number;
  p99: number;
}

interface Flow {
  session: string;
  begunAt: number;
  answeredAt: number | undefined;
  resultAt: number | undefined;
}

/** Runs flows against a desk: one request in flight for each session, the one that waited longest first. */
export class Load {
  readonly #emsp: Emsp;
  readonly #connections: Connections;
  readonly #head: string;
  readonly #path: string;
  readonly #idle: string[];
  readonly #flows = new Map<number, Flow>();
  #pace: Pace = { is: 'closed', inFlight: 0 };
  #begun = 0;
  #owed: number[] = [];
  #ticking: NodeJS.Timeout | undefined;
  #lap = { at: 0, flows: 0, errors: 0, pushes: 0, sync: [] as number[], endToEnd: [] as number[] };
  /** What went wrong first, for whoever asks why. */
  firstError = '';
  /** Results that came twice, or for no request. */
  strays = 0;

  private constructor(emsp: Emsp, connections: Connections, to: { desk: ProfilesEndpoint; sessions: readonly string[] }) {
    const { pathname, host } = new URL(to.desk.chargingProfiles);
    this.#emsp = emsp;
    this.#connections = connections;
    this.#path = pathname;
    this.#idle = [...to.sessions];
    const token = Buffer.from(to.desk.token).toString('base64');
    const { from, to: whom } = to.desk;
    const routing = `OCPI-to-country-code: NL\r\nOCPI-to-party-id: ${whom}\r\nOCPI-from-country-code: NL\r\nOCPI-from-party-id: ${from}`;
    this.#head = `Host: ${host}\r\nAuthorization: Token ${token}\r\nContent-Type: application/json\r\n${routing}`;
  }

  static async open(emsp: Emsp, to: { desk: ProfilesEndpoint; sessions: readonly string[]; connections: number }): Promise<Load> {
    const { hostname, port } = new URL(to.desk.chargingProfiles);
    return new Load(emsp, await Connections.open({ host: hostname, port: Number(port), count: to.connections }), to);
  }

  start(pace: Pace): void {
    this.#pace = pace;
    this.mark();
    if (pace.is === 'closed') for (let n = 0; n < pace.inFlight; n++) this.#begin(performance.now());
    else this.#tick(performance.now(), 0);
  }

  /** Begins what is due by now: a flow that starts late counts from when it should have started. */
  #tick(since: number, done: number): void {
    if (this.#pace.is === 'closed') return;
    const { perSecond } = this.#pace;
    const due = Math.floor(((performance.now() - since) / 1000) * perSecond);
    for (let n = done; n < due; n++) this.#begin(since + (n / perSecond) * 1000);
    this.#ticking = setTimeout(() => this.#tick(since, due), 2);
  }

  #begin(at: number): void {
    const session = this.#idle.shift();
    if (session === undefined) {
      this.#owed.push(at);
      return;
    }
    this.#begun += 1;
    const number = this.#begun;
    this.#flows.set(number, { session, begunAt: at, answeredAt: undefined, resultAt: undefined });
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
      this.#lap.sync.push(flow.answeredAt - flow.begunAt);
      this.#endWhenBoth(number, flow);
      return;
    }
    this.#lap.errors += 1;
    this.firstError ||= `${head.slice(0, 40)} ${body.slice(0, 300)}`;
    this.#end(number, flow);
  }

  /** A result came on the address of one flow. */
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
    this.#lap.endToEnd.push(flow.resultAt - flow.begunAt);
    this.#endWhenBoth(number, flow);
  }

  #endWhenBoth(number: number, flow: Flow): void {
    if (flow.answeredAt === undefined || flow.resultAt === undefined) return;
    this.#lap.flows += 1;
    this.#end(number, flow);
  }

  #end(number: number, { session }: Flow): void {
    this.#flows.delete(number);
    this.#idle.push(session);
    const owed = this.#owed.shift();
    if (owed !== undefined) this.#begin(owed);
    else if (this.#pace.is === 'closed' && this.#flows.size < this.#pace.inFlight) this.#begin(performance.now());
  }

  /** What happened since the last mark. */
  mark(): Lap {
    const { at, flows, errors, pushes, sync, endToEnd } = this.#lap;
    const now = performance.now();
    this.#lap = { at: now, flows: 0, errors: 0, pushes: this.#emsp.pushes(), sync: [], endToEnd: [] };
    return { flows, seconds: (now - at) / 1000, sync: quantiles(sync), endToEnd: quantiles(endToEnd), errors, pushes: this.#lap.pushes - pushes };
  }

  /** Begins no more, and waits for what is on its way; what is still open then was accepted and never answered, or not even accepted. */
  async stop(patience: number): Promise<{ lost: number; unanswered: number }> {
    this.#pace = { is: 'closed', inFlight: 0 };
    clearTimeout(this.#ticking);
    this.#owed = [];
    const until = performance.now() + patience;
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
