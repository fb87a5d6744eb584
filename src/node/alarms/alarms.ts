import { type Alarm, compareAlarms } from '../../domain/alarm/alarm.ts';
import type { AlarmFacts } from '../../domain/alarm/facts.ts';
import { findAlarms } from '../../domain/alarm/find-alarms.ts';
import { type Followed, followAlarms } from '../../domain/alarm/follow-alarms.ts';
import { mayLast } from '../../domain/alarm/may-last.ts';
import type { AlarmChange } from '../../domain/alarm/write-message.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { allAlarms, dropAlarm, saveAlarm } from '../../store/sql/alarm.ts';
import { addEvent } from '../../store/sql/event.ts';
import type { Write } from '../../store/store.ts';
import type { Actor } from '../core/audit.ts';
import type { Context } from '../core/context.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import { viewAlarm } from './alarm-view.ts';
import { type AlarmWebhook, createAlarmWebhook } from './alarm-webhook.ts';
import { MOST_READ } from './read-facts.ts';

/** What the alarms need of other parts of the node. */
export interface AlarmDependencies {
  facts(): Promise<AlarmFacts>;
  /** Hands alarms that are about events, which an earlier run saw, to those who count these events. */
  resume(alarm: Alarm): void;
}

/** The alarms of a node: looks at the facts, keeps the history of each alarm, and tells listeners of each change. */
export class Alarms {
  readonly #context: Context;
  readonly #dependencies: AlarmDependencies;
  readonly #startedAt: EpochMillis;
  readonly #webhook: AlarmWebhook | undefined;
  #known: ReadonlyMap<string, Alarm> = new Map();
  /** Keys of known alarms that the webhook has delivered. */
  readonly #delivered = new Set<string>();
  /** Looks and acknowledgements one after another: none undoes the other. */
  readonly #serial = new SerialByKey<'all'>();

  constructor(context: Context, dependencies: AlarmDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    this.#startedAt = context.clock.now();
    this.#webhook = createAlarmWebhook(context, { delivered: (key) => this.#noteDelivered(key) });
    context.metrics.keep('alarms', () => this.#known.size);
  }

  /** Reads what an earlier run of the node stored. */
  async recover(): Promise<void> {
    const stored = await this.#context.store.all(allAlarms);
    this.#known = new Map(stored.map(({ alarm }) => [alarm.key, alarm]));
    for (const { alarm, delivered } of stored) {
      if (delivered) this.#delivered.add(alarm.key);
      else if (!alarm.acknowledged) this.#webhook?.changed('raised', alarm, false);
      this.#dependencies.resume(alarm);
    }
    this.#showMetrics();
  }

  /** The alarms that are not solved, the most urgent first. */
  list(): readonly Alarm[] {
    return [...this.#known.values()].filter(({ raised }) => raised).sort(compareAlarms);
  }

  /** The number of alarms that nobody has acknowledged. */
  count(): number {
    return this.list().filter(({ acknowledged }) => !acknowledged).length;
  }

  /** Decides again, from the facts of this moment, which alarms there are. */
  look(): Promise<void> {
    return this.#serial.run('all', async () => {
      const facts = await this.#dependencies.facts();
      const looked = { facts, startedAt: this.#startedAt, most: MOST_READ };
      const followed = followAlarms(this.#known, { found: findAlarms(facts), now: facts.now, mayLast: (alarm) => mayLast(alarm, looked) });
      await this.#commit(followed, facts.now);
    });
  }

  async #commit({ next, raised, changed, solved }: Followed, at: EpochMillis): Promise<void> {
    const { store, journal } = this.#context;
    const news: readonly (readonly [AlarmChange, Alarm])[] = [
      ...raised.map((it) => ['raised', it] as const),
      ...changed.map((it) => ['changed', it] as const),
      ...solved.map((it) => ['solved', it] as const),
    ];
    if (news.length > 0) await store.commit(news.flatMap(([change, alarm]) => this.#writes(change, alarm, at)));
    this.#known = next;
    this.#showMetrics();
    if (news.length === 0) return;
    journal.eventsCommitted();
    for (const [change, alarm] of news) {
      journal.note({ step: 'alarm', change, key: alarm.key, severity: alarm.severity, says: alarm.says });
      if (change === 'solved' || !alarm.acknowledged) this.#webhook?.changed(change, alarm, this.#delivered.has(alarm.key));
      if (change === 'solved') this.#delivered.delete(alarm.key);
    }
  }

  #writes(change: AlarmChange, alarm: Alarm, at: EpochMillis): readonly Write[] {
    const event = addEvent({ at, kind: 'alarm', body: { change, alarm: viewAlarm(alarm) } });
    return [change === 'solved' ? dropAlarm(alarm.key) : saveAlarm({ alarm, delivered: this.#delivered.has(alarm.key) }), event];
  }

  /** Somebody takes an alarm over: it is hidden until it gets worse or comes back. Undefined: there is no such alarm any more. */
  acknowledge(key: string, by: Actor): Promise<Alarm | undefined> {
    return this.#serial.run('all', async () => {
      const found = this.#known.get(key);
      if (!found?.raised) return undefined;
      const at = this.#context.clock.now();
      const alarm: Alarm = { ...found, acknowledged: { at, by, severity: found.severity, weight: found.weight } };
      await this.#context.store.commit(this.#writes('changed', alarm, at));
      this.#known = new Map([...this.#known, [key, alarm]]);
      this.#context.journal.eventsCommitted();
      return alarm;
    });
  }

  /** The receiver has got an alarm: it is told when the alarm is solved, also after a restart. */
  #noteDelivered(key: string): Promise<void> {
    return this.#serial.run('all', async () => {
      const alarm = this.#known.get(key);
      if (!alarm) return;
      this.#delivered.add(key);
      await this.#context.store.commit([saveAlarm({ alarm, delivered: true })]);
    });
  }

  #showMetrics(): void {
    const { alarms } = this.#context.metrics;
    alarms.reset();
    for (const [kind, ofKind] of Map.groupBy(this.list(), (it) => it.kind))
      for (const [severity, them] of Map.groupBy(ofKind, (it) => it.severity)) alarms.set({ kind, severity }, them.length);
  }
}
