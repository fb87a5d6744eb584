import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../../domain/clock.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { Limits } from '../limits.ts';
import type { CsmsState } from './csms-states.ts';
import type { OpenedLeg } from './open-csms-leg.ts';

/** What happens on the connection to a CSMS. */
export interface LinkListener {
  message(data: Buffer, isBinary: boolean): void;
  ping(data: Buffer): void;
  pong(data: Buffer): void;
  /** The CSMS is there again. */
  opened(): void;
  /** The connection ended; `code` and `reason` of RFC 6455, 1006 when it was lost. */
  ended(code: number, reason: Buffer): void;
  /** The CSMS does not let the station in any more; `code` and `reason` are for the station. */
  refused(code: number, reason: Buffer): void;
}

/** Options of a link. `first`: the leg that let the station in. */
export interface LinkOptions {
  first: WebSocket | undefined;
  open(): Promise<OpenedLeg>;
  /** Whether to connect again after an end. */
  reconnects: boolean;
  clock: Clock;
  limits: Pick<Limits, 'unsentBytes' | 'pingInterval'>;
  /** Called when the CSMS is there, is away, or keeps the station out. */
  onState?(state: CsmsState): void;
}

/** Milliseconds before the next attempt: 1 s, doubled up to 60 s, each with up to a quarter more, so that stations do not come all at once. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
/** Close codes that say that the station may not be here: policy violation (RFC 6455 §7.4.1), unauthorized and forbidden (IANA). Some CSMSs let every station in and refuse it so. */
const REFUSALS: readonly number[] = [1008, 3000, 3003];
/** The node's own pings carry this text, so that their pongs do not pass to the station. */
const OWN_PING = Buffer.from('evenkeel');

/** The connection of one station to its CSMS; it comes again when it is lost. */
export class CsmsLink {
  readonly #options: LinkOptions;
  #listener: LinkListener | undefined;
  #socket: WebSocket | undefined;
  #attempts = 0;
  #stopWait: () => void = () => undefined;
  #isClosed = false;
  #heardAt: EpochMillis;
  #pingedAt: EpochMillis | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#heardAt = options.clock.steady();
  }

  /** Starts with the first leg, or with an attempt to open one. */
  start(listener: LinkListener): void {
    this.#listener = listener;
    if (this.#options.first) this.#use(this.#options.first);
    else {
      this.#options.onState?.('away');
      this.#retry();
    }
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === 1;
  }

  /** The connection is ending, and it is not known yet why: the CSMS may be away, or refuse the station. */
  get isClosing(): boolean {
    return this.#socket !== undefined && this.#socket.readyState > 1;
  }

  /** Sends one message; false when the CSMS is away. A CSMS that does not read counts as away. */
  send(data: Buffer | string, isBinary = false): boolean {
    const socket = this.#socket;
    if (socket?.readyState !== 1) return false;
    if (socket.bufferedAmount > this.#options.limits.unsentBytes) {
      socket.terminate();
      return false;
    }
    socket.send(data, { binary: isBinary });
    return true;
  }

  ping(data: Buffer): boolean {
    if (!this.isOpen) return false;
    this.#socket?.ping(data);
    return true;
  }

  pong(data: Buffer): void {
    if (this.isOpen) this.#socket?.pong(data);
  }

  /** Pings an idle CSMS, and drops the connection when the last ping got no answer. */
  keepAlive(now: EpochMillis): void {
    const { pingInterval } = this.#options.limits;
    if (!this.isOpen || pingInterval === 0 || now - this.#heardAt < pingInterval) return;
    if (this.#pingedAt === undefined) {
      this.#pingedAt = now;
      this.#socket?.ping(OWN_PING);
    } else if (now - this.#pingedAt >= pingInterval) this.#socket?.terminate();
  }

  /** Ends the link for good, as its station has ended: with the same code. */
  close(code: number, reason: Buffer): void {
    this.#isClosed = true;
    this.#stopWait();
    const socket = this.#socket ?? this.#options.first;
    if (socket) closeAlike(socket, code, reason);
  }

  #use(socket: WebSocket): void {
    this.#socket = socket;
    this.#options.onState?.('connected');
    this.#heard();
    socket.on('message', (data: RawData, isBinary: boolean) => {
      this.#heard();
      // A CSMS that lets the station in and ends the connection at once is not asked every second.
      this.#attempts = 0;
      this.#listener?.message(asBuffer(data), isBinary);
    });
    socket.on('ping', (data: Buffer) => {
      this.#heard();
      this.#listener?.ping(data);
    });
    socket.on('pong', (data: Buffer) => {
      this.#heard();
      if (!data.equals(OWN_PING)) this.#listener?.pong(data);
    });
    socket.on('close', (code: number, reason: Buffer) => this.#lost(socket, code, reason));
    // It may have ended while nobody listened.
    if (socket.readyState === socket.CLOSED) this.#lost(socket, 1006, Buffer.alloc(0));
    else socket.resume();
  }

  #heard(): void {
    this.#heardAt = this.#options.clock.steady();
    this.#pingedAt = undefined;
  }

  #lost(socket: WebSocket, code: number, reason: Buffer): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    if (this.#isClosed) return;
    if (REFUSALS.includes(code)) {
      this.#refuse(code, reason);
      return;
    }
    this.#options.onState?.('away');
    this.#listener?.ended(code, reason);
    if (this.#options.reconnects) this.#retry();
  }

  #refuse(code: number, reason: Buffer): void {
    this.#options.onState?.('refused');
    this.#listener?.refused(code, reason);
  }

  #retry(): void {
    if (this.#isClosed) return;
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#attempts) * (1 + Math.random() / 4);
    this.#attempts += 1;
    this.#stopWait = this.#options.clock.after(wait, () => void this.#open());
  }

  async #open(): Promise<void> {
    const opened = await this.#options.open();
    if (this.#isClosed) {
      if (opened.is === 'open') opened.socket.terminate();
      return;
    }
    if (opened.is === 'refused') this.#refuse(1008, Buffer.from('the CSMS does not let this station in'));
    else if (opened.is === 'away') this.#retry();
    else {
      this.#use(opened.socket);
      this.#listener?.opened();
    }
  }
}

/** Ends a WebSocket as the other leg ended: a lost one without a close frame, one without a code without a code. */
export function closeAlike(socket: WebSocket, code: number, reason: Buffer): void {
  const isValid = (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);
  if (code === 1006) socket.terminate();
  else if (isValid) socket.close(code, reason);
  else socket.close();
}

/** One message as one Buffer. */
export const asBuffer = (data: RawData): Buffer => (Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data));
