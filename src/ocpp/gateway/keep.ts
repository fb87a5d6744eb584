import { hash } from 'node:crypto';
import { parseFrame, printFrame } from '../frame.ts';
import { reasonOf, shorten } from '../log.ts';
import type { OcppVersion } from '../station.ts';
import { IdPairs } from './id-pairs.ts';
import { type KeepOptions, type KeptCount, type KeptMessage, oldest, type SendOn, transactionIn } from './kept-message.ts';
import { SendKept } from './send-kept.ts';
import { type AwayAnswer, answerWhileAway, type Keeping, keepingOf } from './while-away.ts';
import { AWAY_CODE, BOOT_KEY } from './while-away-row.ts';

/** One CALL of the station, parsed, with its text. */
export interface StationCall {
  id: string;
  action: string;
  payload: unknown;
  text: string;
}

/** What becomes of a CALL: `pass`: the text goes to the CSMS; `answer`: the text is the answer to the station. */
export type Taken = { is: 'pass'; text: string } | { is: 'answer'; text: string };

/** Ids of ended transactions stay known so long, for messages that come late. */
export const ENDED_IDS_MS = 7 * 86_400_000;

/**
 * Keeps the messages of one station while its CSMS is away, and sends them on when it is back. One object for each station, for as long
 * as the station is behind a CSMS: pairs of sockets come and go, and call `csmsIsBack` and `csmsIsAway`.
 */
export class Keep {
  readonly #options: KeepOptions;
  readonly #ids: IdPairs;
  readonly #sending: SendKept;
  /** Calls are decided one after another, so that they are committed in the order in which they came. */
  #turn: Promise<unknown> = Promise.resolve();
  /** The newest message about a transaction, if it was kept: its station may repeat it, because it did not get the answer. */
  #last: { fingerprint: string; provisional: number | undefined } | undefined;

  private constructor(options: KeepOptions, { ids, sending }: { ids: IdPairs; sending: SendKept }) {
    this.#options = options;
    this.#ids = ids;
    this.#sending = sending;
  }

  /** Reads what is kept for the station; rejects when the store cannot be read. The CSMS counts as away until `csmsIsBack`. */
  static async open(options: KeepOptions): Promise<Keep> {
    const { count, isBootKept, ids, last } = await options.store.load();
    const pairs = new IdPairs(ids);
    const keep = new Keep(options, { ids: pairs, sending: new SendKept({ ...options, ids: pairs }, { count, isBootKept }) });
    keep.#last = last && rememberedFrom(options.version, last);
    return keep;
  }

  /** Messages that wait for the CSMS. */
  get waiting(): number {
    return this.#sending.count;
  }

  /** True: the CSMS is there, nothing waits and no id is translated, so that every frame passes as it is and none need be handed over. */
  get isIdle(): boolean {
    return !this.#sending.isAway && this.#sending.count === 0 && this.#ids.size === 0 && !this.#sending.isAdding && !this.#last;
  }

  /** The CSMS leg is open: kept messages are sent on through this function, one at a time, and new ones pass when none waits. */
  csmsIsBack(sendOn: SendOn): void {
    this.#sending.begin(sendOn);
  }

  /** The CSMS leg is not open any more. */
  csmsIsAway(): void {
    this.#sending.pause();
  }

  /** Ends the sending; resolves when nothing of this object runs any more. */
  async close(): Promise<void> {
    this.#sending.pause();
    await this.#turn;
    await this.#sending.close();
  }

  /** Decides about a CALL of the station. A message that passed and got no answer, because the CSMS leg ended, is handed over again. */
  take(call: StationCall): Promise<Taken> {
    const taken = this.#turn.then(() => this.#take(call));
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  /** A CALL of the CSMS with the transaction ids of the station. */
  toStation(text: string): string {
    return this.#options.version === '1.6' ? this.#ids.translate(text, 'to-station') : text;
  }

  /**
   * The text for the station of the CSMS's CALLRESULT to a CALL that passed. Rejects when an id could not be stored; the station must
   * then get no answer, and repeats its message.
   */
  async answered(call: Pick<StationCall, 'action' | 'payload'>, answer: { payload: unknown; text: string }): Promise<string> {
    if (this.#options.version !== '1.6') return answer.text;
    if (call.action === 'StopTransaction') await this.#noteEnd(transactionIn(call.payload));
    if (call.action !== 'StartTransaction') return answer.text;
    const csms = transactionIn(answer.payload);
    if (csms === undefined) return answer.text;
    if (!this.#ids.has(csms) && this.#ids.toStation(csms) === undefined) {
      this.#ids.noteLive(csms);
      return answer.text;
    }
    // The number means another transaction at this station already, unless the CSMS repeats its answer to a kept start.
    if (!this.#ids.isTranslated(csms)) {
      const id = { provisional: this.#ids.fresh(), csms };
      await this.#options.store.learn({ id });
      this.#ids.set({ ...id, endedAt: undefined });
    }
    return this.#ids.translate(answer.text, 'to-station');
  }

  async #noteEnd(id: number | undefined): Promise<void> {
    if (id === undefined || !this.#ids.has(id)) return;
    const { clock, store, log, station } = this.#options;
    const at = clock.now();
    this.#ids.end(id, at);
    // Without this row the id only stays known for longer.
    await store.learn({ ended: { provisional: id, at } }).catch((error) => log('warn', 'end-not-stored', { station, because: reasonOf(error) }));
  }

  async #take(call: StationCall): Promise<Taken> {
    const { version } = this.#options;
    const of = { version, action: call.action, payload: call.payload };
    const keeping = keepingOf(of);
    const fingerprint = keeping.isTransactional ? fingerprintOf(call) : undefined;
    const isRepeated = fingerprint !== undefined && fingerprint === this.#last?.fingerprint;
    const refuse = (error: unknown) => this.#refuse(call, 'refused-store', reasonOf(error));
    if (isRepeated) return this.#print(call, await this.#answerAgain(call, keeping).catch(refuse));
    if (fingerprint !== undefined) this.#last = undefined;
    if (!this.#sending.isAway && (keeping.keep === 'no' || this.#sending.count === 0)) {
      return { is: 'pass', text: version === '1.6' ? this.#ids.translate(call.text, 'to-csms') : call.text };
    }
    return this.#print(call, await this.#answer(call, { ...keeping, fingerprint }).catch(refuse));
  }

  #print({ id }: StationCall, answer: AwayAnswer): Taken {
    return { is: 'answer', text: printFrame(answer.is === 'result' ? { type: 'result', id, payload: answer.payload } : { type: 'error', id, ...answer }) };
  }

  /** The answer to a message that is kept already, with the same transaction id. */
  async #answerAgain({ action, payload }: StationCall, { presented }: Keeping): Promise<AwayAnswer> {
    const { version, policy, clock, decide } = this.#options;
    const decision = presented && (await decide(presented.idToken, presented.evseId));
    const provisional = this.#last?.provisional;
    const given = {
      now: clock.now(),
      heartbeat: policy.heartbeat,
      ...(decision && { decision }),
      ...(provisional !== undefined && { provisionalId: provisional }),
    };
    return answerWhileAway({ version, action, payload }, given).answer;
  }

  async #answer(call: StationCall, keeping: Keeping & { fingerprint: string | undefined }): Promise<AwayAnswer> {
    const { version, policy, clock, decide, store } = this.#options;
    const { presented, fingerprint } = keeping;
    const now = clock.now();
    this.#ids.forgetEnded(now - ENDED_IDS_MS);
    const isStart = version === '1.6' && call.action === 'StartTransaction';
    if (keeping.keep !== 'no' && !(await this.#hasPlace(keeping, isStart))) return this.#refuse(call, 'refused-full', `${policy.messages} messages are kept`);
    const decision = presented && (await decide(presented.idToken, presented.evseId));
    const provisional = isStart ? this.#ids.fresh() : undefined;
    const given = { now, heartbeat: policy.heartbeat, ...(decision && { decision }), ...(provisional !== undefined && { provisionalId: provisional }) };
    const { answer, keep, key } = answerWhileAway({ version, action: call.action, payload: call.payload }, given);
    if (keep === 'no' || answer.is === 'error') return answer;
    const isBoot = key === BOOT_KEY;
    const message = {
      action: call.action,
      messageId: call.id,
      text: call.text,
      keptAt: now,
      isFirst: isBoot,
      ...(key !== undefined && { key }),
      ...(provisional !== undefined && { provisional }),
      ...(presented && { uid: presented.idToken.uid }),
    };
    await this.#sending.add({ isBoot, commit: () => store.add(message) });
    // The message may be sent on already.
    if (provisional !== undefined && !this.#ids.has(provisional)) this.#ids.set({ provisional, csms: undefined, endedAt: undefined });
    if (fingerprint !== undefined) this.#last = { fingerprint, provisional };
    return answer;
  }

  /** Whether there is a place for a message. Before the answer is no, messages that are too old are removed. */
  async #hasPlace({ isEdge, key }: Keeping, isStart: boolean): Promise<boolean> {
    const { policy, clock } = this.#options;
    const hasMore = () => this.#sending.count < (isEdge || key === BOOT_KEY ? policy.messages : Math.floor(policy.messages * 0.9));
    if (isStart && this.#ids.size >= policy.messages) return false;
    if (!hasMore()) await this.#sending.dropOlder(oldest(clock.now(), policy));
    return hasMore();
  }

  #refuse({ action }: StationCall, what: KeptCount, because: string): AwayAnswer {
    const { log, count, station } = this.#options;
    count(what, 1);
    log('warn', 'message-not-kept', { station, action: shorten(action), because });
    return {
      is: 'error',
      code: AWAY_CODE,
      description: `the CSMS is away and the message cannot be kept: ${what === 'refused-full' ? because : 'no storage'}`,
    };
  }
}

/** Equal for a message and its repetition, which may have another message id. */
const fingerprintOf = ({ action, payload }: Pick<StationCall, 'action' | 'payload'>): string => hash('sha256', `${action} ${JSON.stringify(payload)}`);

/** The newest kept message, after a start of the node. */
function rememberedFrom(version: OcppVersion, { text, provisional }: Pick<KeptMessage, 'text' | 'provisional'>) {
  const frame = parseFrame(text ?? '');
  if (!frame.ok || frame.value.type !== 'call' || !keepingOf({ version, ...frame.value }).isTransactional) return undefined;
  return { fingerprint: fingerprintOf(frame.value), provisional };
}
