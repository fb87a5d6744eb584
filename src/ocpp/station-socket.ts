import type { WebSocket } from 'ws';
import type { Clock } from '../domain/clock.ts';
import type { StationId } from '../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../domain/units.ts';
import type { Limits } from './limits.ts';
import { type Anomaly, cut, type Log } from './log.ts';

/** What a line is laid in. */
export interface Ground {
  clock: Clock;
  log: Log;
  limits: Limits;
  count(oddity: Anomaly): void;
}

/** Milliseconds in which one oddity of one station is logged once. */
const QUIET = 10_000;

/** A station's socket: writes while it can, pings when it is quiet, ends once. */
export class Line {
  readonly #socket: WebSocket;
  readonly #id: StationId;
  readonly #ground: Ground;
  readonly #ended: () => void;
  #isEnded = false;
  #heardAt: EpochMillis;
  #pingedAt: EpochMillis | undefined;
  #logged: Map<Anomaly, EpochMillis> | undefined;

  constructor({ socket, id, ended }: { socket: WebSocket; id: StationId; ended: () => void }, ground: Ground) {
    this.#socket = socket;
    this.#id = id;
    this.#ground = ground;
    this.#ended = ended;
    this.#heardAt = ground.clock.now();
    socket.on('pong', () => this.hear());
    // Whatever is wrong with the socket, `close` follows.
    socket.on('error', (error) => this.note('dropped-message', error.message));
    socket.on('close', () => this.end());
  }

  get isOpen(): boolean {
    return !this.#isEnded;
  }

  /** Milliseconds since the station last gave a sign of life. */
  quietFor(now: EpochMillis): number {
    return now - this.#heardAt;
  }

  /** The station gave a sign of life. */
  hear(): void {
    this.#heardAt = this.#ground.clock.now();
    this.#pingedAt = undefined;
  }

  /** Hands a text to the socket; false when the line has ended or the station reads nothing. */
  write(text: string): boolean {
    if (this.#isEnded || this.#socket.readyState !== this.#socket.OPEN) return false;
    if (this.#socket.bufferedAmount > this.#ground.limits.unsent) {
      this.note('closed-for-abuse', 'reads nothing');
      this.terminate();
      return false;
    }
    this.#socket.send(text);
    return true;
  }

  /** Pings a quiet station; ends the line of one that left the last ping unanswered. */
  tend(now: EpochMillis): void {
    const { pingEvery } = this.#ground.limits;
    if (this.#isEnded || pingEvery === 0 || this.quietFor(now) < pingEvery) return;
    if (this.#pingedAt === undefined) {
      this.#pingedAt = now;
      this.#socket.ping();
    } else if (now - this.#pingedAt >= pingEvery) {
      this.note('closed-silent', 'no answer to a ping');
      this.terminate();
    }
  }

  /** Closes with a code of RFC 6455 §7.4, or 4409: replaced by a newer connection. */
  shut(code: number, reason: string): void {
    this.end();
    this.#socket.close(code, Buffer.from(reason).subarray(0, 120).toString('latin1'));
  }

  /** Closes on someone who does what no station needs to do. */
  refuse(code: number, reason: string): void {
    this.note('closed-for-abuse', reason);
    this.shut(code, reason);
  }

  /** Drops the socket without a word. */
  terminate(): void {
    this.end();
    this.#socket.terminate();
  }

  /** From here on nothing is handled or sent. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#ended();
  }

  /** Counts what should not happen, and logs one of each kind in ten seconds (SEC-24). */
  note(oddity: Anomaly, because: string): void {
    const { clock, log, count } = this.#ground;
    count(oddity);
    this.#logged ??= new Map();
    if (clock.now() < (this.#logged.get(oddity) ?? 0)) return;
    this.#logged.set(oddity, epochMillis(clock.now() + QUIET));
    log('warn', oddity, { station: this.#id, because: cut(because) });
  }
}
