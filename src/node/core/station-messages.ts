import type { Clock } from '../../domain/clock.ts';
import type { StationId } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { FramePassing } from '../../ocpp/log.ts';
import type { Journal } from './journal.ts';
import { KeptMessages } from './kept-messages.ts';
import { maskFrame } from './mask-frame.ts';
import { type StationState, StationStates } from './station-states.ts';

/** A message as it passed on the socket of a charge point, with cards and secrets masked. */
export interface KeptFrame {
  at: EpochMillis;
  /** Grows with each message of all charge points. */
  seq: number;
  direction: 'received' | 'sent';
  /** Only behind a CSMS; of a received message: `csms`, the answers tell whether the node took it. */
  owner?: NonNullable<FramePassing['owner']>;
  text: string;
  size: number;
  /** The characters of the whole message, when only its beginning is kept. */
  whole?: number;
}

/** How long messages of charge points are kept, and how much memory they may use (docs/operate.md). */
const FRAMES_KEPT = { age: 24 * 3_600_000, bytes: 32 * 1024 * 1024, bytesOfOne: 192 * 1024 } as const;
/** Characters of one message that are kept. */
export const MOST_CHARACTERS = 8 * 1024;

/** The head of a message: its type, its id, and of a call its action. */
const HEAD = /^\s*\[\s*([2-4])\s*,\s*"([^"\\]{1,64})"\s*(?:,\s*"([A-Za-z]{1,40})")?/;
const STATUS = /"status"\s*:\s*"([A-Za-z]{1,40})"/;

/** The newest messages of each charge point, and when it was connected. All of it is in memory and begins with the start of the node. */
export class StationMessages {
  readonly #clock: Clock;
  readonly #frames = new KeptMessages<StationId, KeptFrame>(FRAMES_KEPT);
  readonly #states: StationStates;
  /** The limit that a charge point has not answered yet: OCPP allows one call at a time. */
  readonly #limits = new Map<StationId, string>();
  #seq = 0;

  constructor({ clock, journal }: { clock: Clock; journal: Journal }) {
    this.#clock = clock;
    this.#states = new StationStates(clock.now());
    journal.onStep((step) => {
      if (step.step === 'station-connected') this.#states.note(step.station, 'connected', clock.now());
      if (step.step === 'station-disconnected') this.#states.note(step.station, 'away', clock.now());
    });
  }

  /** Keeps a message that passed on the socket of a charge point. */
  note(station: StationId, { direction, owner }: FramePassing, text: string): void {
    const at = this.#clock.now();
    this.#seq += 1;
    this.#frames.add(station, { at, seq: this.#seq, direction, ...(owner && { owner }), ...cut(maskFrame(text)) });
    // A profile of a CSMS is no limit of this node.
    if (direction === 'received' || owner !== 'csms') this.#noteLimit(station, direction, text);
  }

  /** The messages of a charge point, oldest first. */
  of(station: StationId): readonly KeptFrame[] {
    return this.#frames.of(station, this.#clock.now());
  }

  /** The states of a charge point over the last 24 h or since the start of the node, oldest first. */
  statesOf(station: StationId): readonly StationState[] {
    return this.#states.of(station, this.#clock.now());
  }

  /** Removes what is too old. */
  forgetOld(): void {
    this.#frames.forgetOld(this.#clock.now());
  }

  /** Charge points with messages or states. */
  get stations(): number {
    return Math.max(this.#frames.senders, this.#states.stations, this.#limits.size);
  }

  /** A charge point refuses from a refused limit until the next one that it takes. */
  #noteLimit(station: StationId, direction: KeptFrame['direction'], text: string): void {
    const waiting = this.#limits.get(station);
    if (direction === 'received' && waiting === undefined) return;
    const [, type, id = '', action] = HEAD.exec(text) ?? [];
    if (direction === 'sent') {
      if (type === '2' && action === 'SetChargingProfile') this.#limits.set(station, id);
      return;
    }
    if (type === '2' || id !== waiting) return;
    this.#limits.delete(station);
    const isTaken = type === '3' && STATUS.exec(text)?.[1] === 'Accepted';
    this.#states.note(station, isTaken ? 'connected' : 'refusing', this.#clock.now());
  }
}

/** The beginning of a long text. It is copied: a slice would keep the whole text in memory. */
function cut(text: string): Pick<KeptFrame, 'text' | 'size' | 'whole'> {
  if (text.length <= MOST_CHARACTERS) return { text, size: text.length };
  return { text: Buffer.from(text.slice(0, MOST_CHARACTERS)).toString(), size: MOST_CHARACTERS, whole: text.length };
}
