import type { WebSocket } from 'ws';
import type { Clock } from '../../domain/clock.ts';
import type { SocketWriter } from '../call-queue.ts';
import type { StationSocket } from '../station-socket.ts';
import { readHead } from './head.ts';
import { Turn } from './turn.ts';

/** A call on its way through the node, as it was sent. */
export interface PassingCall {
  id: string;
  action: string;
  text: string;
  data: Buffer;
}

/** Message ids of the node's calls that are remembered for late answers. */
const REMEMBERED = 100;

/** The station's side of a pair: its socket, whose turn it is in each direction, and which calls are the node's own. */
export class StationLegs implements SocketWriter {
  readonly webSocket: WebSocket;
  readonly clock: Clock;
  readonly toStation: Turn<PassingCall>;
  readonly toCsms: Turn<PassingCall>;
  readonly #socket: StationSocket;
  readonly #ours = new Set<string>();

  constructor({ webSocket, socket, clock }: { webSocket: WebSocket; socket: StationSocket; clock: Clock }) {
    this.webSocket = webSocket;
    this.clock = clock;
    this.#socket = socket;
    this.toStation = new Turn(clock);
    this.toCsms = new Turn(clock);
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  /** Sends a call of the node; its id is remembered, so that no answer to it passes to the CSMS. */
  write(text: string): boolean {
    const head = readHead(text);
    if (head?.type === 'call') this.#remember(head.id);
    return this.#socket.write(text);
  }

  /** Whether the node has sent a call with this id. */
  isOurs(id: string): boolean {
    return this.#ours.has(id);
  }

  #remember(id: string): void {
    this.#ours.add(id);
    const [oldest] = this.#ours;
    if (oldest !== undefined && this.#ours.size > REMEMBERED) this.#ours.delete(oldest);
  }
}
