import { type EpochMillis, type Seconds, seconds } from '../../domain/units.ts';
import { reasonOf, shorten } from '../log.ts';
import type { IdPairs } from './id-pairs.ts';
import { type KeepOptions, type KeptCount, type KeptMessage, type Learnt, oldest, type SendOn, type SendOnAnswer, transactionIn } from './kept-message.ts';
import { keepingOf } from './while-away.ts';
import { BOOT_KEY, fieldsOf } from './while-away-row.ts';

/** A station repeats a refused transaction message a few times, each time after a longer wait (OCPP 1.6 §3.7.1, OCPP 2.0.1 E13). */
const REPEATS = 3;
const RETRY = seconds(60);
/** The CSMS has not looked at the message (OCPP 2.0.1 part 4 §4.3), for example because it still works on another call of the station. */
const NOT_LOOKED_AT = 'RpcFrameworkError';
/** The wait before such a message is sent again; each further wait is longer by as much. */
const SOON = seconds(1);
/** Wait after a failure of the store, and before a message without an answer is sent again. */
const PAUSE = seconds(5);
/** The longest interval of a CSMS that did not accept a boot. */
const LONGEST_INTERVAL = 86_400;

/** Sends the kept messages of one station on, one after another, while the CSMS leg is open. */
export class SendKept {
  readonly #options: KeepOptions & { ids: IdPairs };
  #sendOn: SendOn | undefined;
  #count: number;
  #isBootKept: boolean;
  /** Grows with each message that is added, so that an empty store that was read before is not believed. */
  #added = 0;
  #adding = 0;
  #run: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #isClosed = false;
  #attempts = { seq: 0, made: 0, notLookedAt: 0 };

  constructor(options: KeepOptions & { ids: IdPairs }, { count, isBootKept }: { count: number; isBootKept: boolean }) {
    this.#options = options;
    this.#count = count;
    this.#isBootKept = isBootKept;
  }

  get count(): number {
    return this.#count;
  }

  get isAdding(): boolean {
    return this.#adding > 0;
  }

  /** The CSMS leg is not open, or the CSMS has not accepted a kept BootNotification yet. */
  get isAway(): boolean {
    return !this.#sendOn || this.#isBootKept;
  }

  begin(sendOn: SendOn): void {
    if (this.#isClosed) return;
    this.#sendOn = sendOn;
    this.#startRun();
  }

  pause(): void {
    this.#sendOn = undefined;
    this.#wake?.();
  }

  /** Ends the sending for good; resolves when no message is being sent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.pause();
    await this.#run;
  }

  /** Adds a message. After a failure it may be stored or not, and the sending finds out. A new BootNotification is sent at once: the CSMS may have asked for it. */
  async add({ isBoot, commit }: { isBoot: boolean; commit: () => Promise<number> }): Promise<void> {
    this.#adding += 1;
    if (isBoot) this.#isBootKept = true;
    try {
      this.#count += 1 - (await commit());
      this.#options.count('kept', 1);
    } catch (error) {
      this.#count += 1;
      throw error;
    } finally {
      this.#adding -= 1;
      this.#added += 1;
      if (isBoot) this.#wake?.();
      this.#startRun();
    }
  }

  /** Removes messages that are too old, and counts again what is stored. */
  async dropOlder(than: EpochMillis): Promise<void> {
    const { store, log, station, count } = this.#options;
    const dropped = await store.dropOlder(than);
    if (dropped === 0) return;
    this.#count = await store.count();
    count('dropped-old', dropped);
    log('warn', 'kept-messages-dropped', { station, messages: dropped, because: 'too old' });
  }

  #isOpen(): boolean {
    return this.#sendOn !== undefined;
  }

  #startRun(): void {
    if (this.#run || !this.#sendOn) return;
    this.#run = this.#sendAll().finally(() => {
      this.#run = undefined;
      if (this.#sendOn && this.#count > 0) this.#startRun();
    });
  }

  async #sendAll(): Promise<void> {
    for (let sendOn = this.#sendOn; sendOn && (this.#count > 0 || this.#isBootKept); sendOn = this.#sendOn) {
      const wait = await this.#sendFirst(sendOn).catch((error) => this.#reportFailure(error));
      if (wait !== undefined && this.#isOpen()) await this.#pauseFor(wait);
    }
  }

  /** Sends the first message; returns how long to wait before the next one, undefined: not at all. */
  async #sendFirst(sendOn: SendOn): Promise<Seconds | undefined> {
    const { store, clock, policy, ids, version } = this.#options;
    const before = this.#added;
    const message = await store.first();
    if (this.#added === before && this.#adding === 0) {
      this.#isBootKept = message?.key === BOOT_KEY;
      if (!message) this.#count = 0;
    }
    if (!message || this.#added !== before || this.#sendOn !== sendOn) return undefined;
    if (message.key !== BOOT_KEY && message.keptAt < oldest(clock.now(), policy)) {
      await this.dropOlder(oldest(clock.now(), policy));
      return undefined;
    }
    if (message.text === undefined) return this.#drop(message, 'dropped-erased', 'the driver was erased');
    const answer = await sendOn(version === '1.6' ? ids.translate(message.text, 'to-csms') : message.text, message.messageId);
    return answer.is === 'lost' ? PAUSE : this.#settle(message, answer);
  }

  async #settle(message: KeptMessage, answer: Exclude<SendOnAnswer, { is: 'lost' }>): Promise<Seconds | undefined> {
    if (message.key === BOOT_KEY) return this.#settleBoot(message, answer);
    const because = problemOf(message, answer);
    if (because !== undefined) return this.#repeatSoon(message, answer) ?? this.#repeatOrDrop(message, because);
    const learnt = this.#learntFrom(message, answer);
    await this.#remove(message, learnt);
    const { ids, count, log, station } = this.#options;
    if (learnt.id) ids.set({ ...learnt.id, endedAt: undefined });
    if (learnt.ended) ids.end(learnt.ended.provisional, learnt.ended.at);
    count('sent-on', 1);
    const status = answer.is === 'result' && tokenStatusIn(answer.payload);
    if (message.provisional !== undefined && status !== 'Accepted')
      log('warn', 'kept-start-refused', { station, transaction: message.provisional, status: shorten(String(status)) });
    return undefined;
  }

  async #settleBoot(message: KeptMessage, answer: Exclude<SendOnAnswer, { is: 'lost' }>): Promise<Seconds | undefined> {
    const { status, interval } = (answer.is === 'result' && fieldsOf(answer.payload)) || {};
    if (status !== 'Accepted') return intervalOf(interval, this.#options.policy.heartbeat);
    await this.#remove(message, {});
    this.#options.count('sent-on', 1);
    return undefined;
  }

  #attemptsOf({ seq }: KeptMessage) {
    return this.#attempts.seq === seq ? this.#attempts : { seq, made: 0, notLookedAt: 0 };
  }

  /** A message of any kind is not lost because the CSMS was busy for a moment; undefined: it was refused, or tried often enough. */
  #repeatSoon(message: KeptMessage, answer: SendOnAnswer): Seconds | undefined {
    const before = this.#attemptsOf(message);
    if (answer.is !== 'error' || answer.code !== NOT_LOOKED_AT || before.notLookedAt >= REPEATS) return undefined;
    this.#attempts = { ...before, notLookedAt: before.notLookedAt + 1 };
    return seconds(SOON * this.#attempts.notLookedAt);
  }

  #repeatOrDrop(message: KeptMessage, because: string): Promise<Seconds | undefined> | Seconds {
    const { version, policy } = this.#options;
    const before = this.#attemptsOf(message);
    const made = before.made + 1;
    this.#attempts = { ...before, made };
    const { isTransactional } = keepingOf({ version, action: message.action, payload: {} });
    if (!isTransactional || made > REPEATS) return this.#drop(message, 'dropped-refused', because);
    return seconds((policy.retry ?? RETRY) * made);
  }

  async #drop(message: KeptMessage, what: KeptCount, because: string): Promise<undefined> {
    const { log, count, station } = this.#options;
    await this.#remove(message, {});
    count(what, 1);
    log('warn', 'kept-message-dropped', { station, action: shorten(message.action), because: shorten(because) });
  }

  /** Repeats until the store has removed the message: it must not be sent again because the store failed. */
  async #remove({ seq }: KeptMessage, learnt: Learnt): Promise<void> {
    for (;;) {
      const removed = await this.#options.store.drop(seq, learnt).catch((error) => {
        this.#reportFailure(error);
        return undefined;
      });
      if (removed !== undefined) {
        this.#count = Math.max(0, this.#count - removed);
        return;
      }
      if (this.#isClosed) throw new Error('the node stopped before the store had removed a message that was sent on');
      await this.#pauseFor(PAUSE);
    }
  }

  #learntFrom(message: KeptMessage, answer: SendOnAnswer): Learnt {
    const { version, clock, ids } = this.#options;
    if (version !== '1.6' || answer.is !== 'result') return {};
    const csms = transactionIn(answer.payload);
    if (message.provisional !== undefined && csms !== undefined) return { id: { provisional: message.provisional, csms } };
    const ended = message.action === 'StopTransaction' ? transactionIn(payloadIn(message.text)) : undefined;
    return ended !== undefined && ids.has(ended) ? { ended: { provisional: ended, at: clock.now() } } : {};
  }

  #reportFailure(error: unknown): Seconds {
    const { log, station } = this.#options;
    log('warn', 'sending-kept-failed', { station, because: reasonOf(error) });
    return PAUSE;
  }

  /** Waits, but not longer than until the CSMS leg ends or a new BootNotification comes. */
  #pauseFor(wait: Seconds): Promise<void> {
    return new Promise((done) => {
      const cancel = this.#options.clock.after(wait * 1000, () => this.#wake?.());
      this.#wake = () => {
        this.#wake = undefined;
        cancel();
        done();
      };
    });
  }
}

/** Why a message must be repeated; undefined: the CSMS has taken it. */
function problemOf(message: KeptMessage, answer: Exclude<SendOnAnswer, { is: 'lost' }>): string | undefined {
  if (answer.is === 'error') return `${answer.code} ${answer.description}`;
  return message.provisional !== undefined && transactionIn(answer.payload) === undefined ? 'the answer names no transaction id' : undefined;
}

const tokenStatusIn = (payload: unknown) => fieldsOf(fieldsOf(payload)?.idTagInfo)?.status;

/** The wait that a CSMS wants before the next BootNotification; it names none with 0 (OCPP 1.6 §4.2, OCPP 2.0.1 B02). */
const intervalOf = (interval: unknown, otherwise: Seconds): Seconds =>
  typeof interval === 'number' && interval > 0 ? seconds(Math.min(Math.max(1, interval), LONGEST_INTERVAL)) : otherwise;

/** The payload of the CALL in a kept text. */
function payloadIn(text: string | undefined): unknown {
  const parts: unknown = JSON.parse(text ?? '[]');
  return Array.isArray(parts) ? parts[3] : undefined;
}
