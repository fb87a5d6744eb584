import type { WebSocket } from 'ws';
import type { Clock } from '../domain/clock.ts';
import type { StationId } from '../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../domain/units.ts';
import type { Limits } from './limits.ts';
import { type Anomaly, type FrameListener, type FramePassing, type Log, PASSING, shorten } from './log.ts';

/** What every socket of a server uses. */
export interface SocketContext {
  clock: Clock;
  log: Log;
  limits: Limits;
  count(anomaly: Anomaly): void;
  /** Receives every message that passes on a socket. */
  onFrame?: FrameListener;
}

/** Milliseconds in which one kind of anomaly is logged once for each connection. */
const LOG_INTERVAL = 10_000;

/** The WebSocket of one station: writes text, pings an idle station, and reports its end exactly once. */
export class StationSocket {
  readonly #socket: WebSocket;
  readonly #id: StationId;
  readonly #context: SocketContext;
  readonly #onClosed: () => void;
  /** Of texts that the node writes itself. */
  readonly #passing: FramePassing;
  #isClosed = false;
  #activeAt: EpochMillis;
  #pingedAt: EpochMillis | undefined;
  #silentUntil: Map<Anomaly, EpochMillis> | undefined;

  constructor(
    { webSocket, id, onClosed, isBehindCsms = false }: { webSocket: WebSocket; id: StationId; onClosed: () => void; isBehindCsms?: boolean },
    context: SocketContext,
  ) {
    this.#socket = webSocket;
    this.#id = id;
    this.#context = context;
    this.#onClosed = onClosed;
    this.#passing = isBehindCsms ? PASSING.fromNode : PASSING.sent;
    this.#activeAt = context.clock.steady();
    webSocket.on('pong', () => this.recordActivity());
    // `close` follows every error.
    webSocket.on('error', (error) => this.reportAnomaly('dropped-message', error.message));
    webSocket.on('close', () => this.#end());
  }

  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /** Milliseconds since the last message or pong of the station. */
  idleFor(now: EpochMillis): number {
    return now - this.#activeAt;
  }

  /** Records that the station is alive: a message or a pong came. */
  recordActivity(): void {
    this.#activeAt = this.#context.clock.steady();
    this.#pingedAt = undefined;
  }

  /** Sends a text; false when the socket is closed, or when it holds more unsent bytes than allowed and is therefore dropped. */
  write(text: string): boolean {
    if (!this.#mayWrite()) return false;
    this.#socket.send(text);
    this.#context.onFrame?.(this.#id, this.#passing, text);
    return true;
  }

  /** Sends a message of the CSMS as it came; see `write`. */
  pass(data: Buffer, isBinary = false): boolean {
    if (!this.#mayWrite()) return false;
    this.#socket.send(data, { binary: isBinary });
    if (!isBinary) this.#context.onFrame?.(this.#id, PASSING.fromCsms, data.toString());
    return true;
  }

  #mayWrite(): boolean {
    if (this.#isClosed || this.#socket.readyState !== this.#socket.OPEN) return false;
    if (this.#socket.bufferedAmount <= this.#context.limits.unsentBytes) return true;
    this.reportAnomaly('closed-for-abuse', 'the station does not read its socket');
    this.#terminate();
    return false;
  }

  /** Pings an idle station, and drops the socket when the last ping got no answer. */
  keepAlive(now: EpochMillis): void {
    const { pingInterval } = this.#context.limits;
    if (this.#isClosed || pingInterval === 0 || this.idleFor(now) < pingInterval) return;
    if (this.#pingedAt === undefined) {
      this.#pingedAt = now;
      this.#socket.ping();
    } else if (now - this.#pingedAt >= pingInterval) {
      this.reportAnomaly('ping-timeout', 'no answer to a ping');
      this.#terminate();
    }
  }

  /** Closes with a code of RFC 6455 §7.4, or with 4409: replaced by a newer connection. */
  close(code: number, reason: string): void {
    this.#end();
    this.#socket.close(code, Buffer.from(reason).subarray(0, 120).toString('latin1'));
  }

  /** Closes the socket of a station that breaks a limit. */
  closeForAbuse(code: number, reason: string): void {
    this.reportAnomaly('closed-for-abuse', reason);
    this.close(code, reason);
  }

  /** Counts an anomaly, and logs one of each kind every ten seconds (SEC-24). */
  reportAnomaly(anomaly: Anomaly, because: string): void {
    const { clock, log, count } = this.#context;
    count(anomaly);
    this.#silentUntil ??= new Map();
    if (clock.steady() < (this.#silentUntil.get(anomaly) ?? 0)) return;
    this.#silentUntil.set(anomaly, epochMillis(clock.steady() + LOG_INTERVAL));
    log('warn', anomaly, { station: this.#id, because: shorten(because) });
  }

  #terminate(): void {
    this.#end();
    this.#socket.terminate();
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClosed();
  }
}
