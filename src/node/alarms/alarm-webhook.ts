import { createHmac } from 'node:crypto';
import { originOf } from '../../delivery/guard/origin.ts';
import { type Alarm, isAtLeast } from '../../domain/alarm/alarm.ts';
import { type AlarmChange, writeMessage } from '../../domain/alarm/write-message.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import type { Config } from '../config/config.ts';
import { operatorUrl } from '../config/operator-url.ts';
import type { Context } from '../core/context.ts';
import { reachOf } from '../core/outgoing.ts';
import { viewAlarm } from './alarm-view.ts';

/** The name of the webhook in the log; its own failures are not sent by it. */
const WEBHOOK = 'webhook of alarms';
/** Characters of its URL at most. */
const MOST_URL = 2_000;
/** The wait after the first failure, in ms; each further failure doubles it. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 600_000;
/** A message that an alarm is solved is given up after so many failures. */
const MOST_SOLVED_TRIES = 20;

/** One message that waits: the newest state of its alarm. */
interface Waiting {
  id: string;
  change: AlarmChange;
  alarm: Alarm;
  at: EpochMillis;
  tries: number;
}

/** Sends alarms to the URL of the configuration, one after another, until each is delivered or solved. */
export interface AlarmWebhook {
  /** `delivered`: the receiver has got this alarm before. */
  changed(change: AlarmChange, alarm: Alarm, delivered: boolean): void;
}

/** Who is told of deliveries. */
interface Listener {
  delivered(key: string): Promise<void>;
}

/** Creates the webhook; undefined when the configuration has none. */
export function createAlarmWebhook(context: Context, listener: Listener): AlarmWebhook | undefined {
  const settings = context.config.alarms;
  if (!settings) return undefined;
  const origin = originOf(settings.webhook, { ...reachOf(context.config), maxLength: MOST_URL });
  if (!origin.ok) {
    context.reportError(WEBHOOK, origin.problem);
    return undefined;
  }
  return new Webhook(context, { settings, origin: origin.value, listener });
}

interface Target {
  settings: NonNullable<Config['alarms']>;
  origin: string;
  listener: Listener;
}

class Webhook implements AlarmWebhook {
  readonly #context: Context;
  readonly #target: Target;
  /** Messages that wait, by the key of their alarm: as many as there are alarms at most. */
  readonly #waiting = new Map<string, Waiting>();
  #sending = false;
  /** Failures in a row. */
  #failures = 0;
  #cancelRetry: (() => void) | undefined;

  constructor(context: Context, target: Target) {
    this.#context = context;
    this.#target = target;
    context.metrics.keep('alarms for the webhook', () => this.#waiting.size);
  }

  changed(change: AlarmChange, alarm: Alarm, delivered: boolean): void {
    const { key, kind, values } = alarm;
    if (kind === 'background-error' && values.what === WEBHOOK) return;
    const before = this.#waiting.get(key);
    this.#waiting.delete(key);
    const isWanted = change === 'solved' ? delivered : delivered || isAtLeast(alarm, this.#target.settings.min_severity);
    if (!isWanted) return;
    const kindOfChange = before?.change === 'raised' && change === 'changed' ? 'raised' : change;
    this.#waiting.set(key, { id: this.#context.newId(), change: kindOfChange, alarm, at: this.#context.clock.now(), tries: 0 });
    if (!this.#cancelRetry) this.#send();
  }

  #send(): void {
    if (this.#sending || this.#context.work.stopping.aborted) return;
    this.#sending = true;
    this.#context.work.start(WEBHOOK, () => this.#sendAll());
  }

  async #sendAll(): Promise<void> {
    try {
      for (;;) {
        const [next] = this.#waiting;
        if (!next || this.#context.work.stopping.aborted) return;
        const [key, message] = next;
        const problem = await this.#post(message);
        if (problem !== undefined) return this.#failed(key, message, problem);
        this.#failures = 0;
        if (this.#waiting.get(key) === message) this.#waiting.delete(key);
        if (message.change !== 'solved') await this.#target.listener.delivered(key);
      }
    } finally {
      this.#sending = false;
    }
  }

  /** Undefined: delivered; else what went wrong. */
  async #post({ id, change, alarm, at }: Waiting): Promise<string | undefined> {
    const { client, work, config, clock } = this.#context;
    const { settings, origin } = this.#target;
    const node = operatorUrl(config);
    const body = JSON.stringify({ id, change, at: printDateTime(at), node, ...writeMessage(alarm, { change, node, at }), alarm: viewAlarm(alarm) });
    const timestamp = String(Math.floor(clock.now() / 1000));
    const answer = await client.request({
      peer: WEBHOOK,
      origins: new Set([origin]),
      method: 'POST',
      url: settings.webhook,
      headers: {
        'content-type': 'application/json',
        'evenkeel-delivery': id,
        'evenkeel-timestamp': timestamp,
        'evenkeel-signature': `v1=${createHmac('sha256', settings.secret).update(`${timestamp}.${body}`).digest('hex')}`,
      },
      body,
      signal: work.cutOff,
    });
    if (answer.is === 'FAILED') return answer.because;
    return answer.status >= 200 && answer.status < 300 ? undefined : `HTTP ${answer.status}`;
  }

  /** The message goes to the end of the queue, so that one that is never taken does not hold up the others. */
  #failed(key: string, message: Waiting, problem: string): void {
    const { clock, work, reportError } = this.#context;
    if (work.stopping.aborted) return;
    this.#failures += 1;
    if (this.#failures === 1) reportError(WEBHOOK, `${this.#target.origin} did not take an alarm (${problem}); it is sent again until it is taken`);
    if (this.#waiting.get(key) === message) {
      this.#waiting.delete(key);
      const tries = message.tries + 1;
      if (message.change !== 'solved' || tries < MOST_SOLVED_TRIES) this.#waiting.set(key, { ...message, tries });
    }
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - 1));
    this.#cancelRetry = clock.after(wait, () => {
      this.#cancelRetry = undefined;
      this.#send();
    });
  }
}
