import type { PeerId, SessionKey } from '../../domain/ids.ts';
import { type ChargingPreferences, type PreferencesAnswer, takesPreferences } from '../../domain/preferences.ts';
import { type EpochMillis, toSeconds, wattHours } from '../../domain/units.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { plan } from '../../planner/plan.ts';
import { answerPreferences } from '../../planner/preferences.ts';
import type { Plan, PlannedEvse, PlannedSession, Planner, Site } from '../../planner/problem.ts';
import { chooseMessages, type Message } from '../../roles/scsp/choose-messages.ts';
import { learnActiveProfile } from '../../roles/scsp/learn-active-profile.ts';
import { newcomer, type Steered, send } from '../../roles/scsp/steered.ts';
import { type Ended, takeOutcome } from '../../roles/scsp/take-outcome.ts';
import { allPreferences, forgetPreferences, savePreference } from '../../store/sql/preference.ts';
import { runningRemote, type StoredSession, sessionByKey } from '../../store/sql/session.ts';
import { type CoalescedTask, coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import type { Step } from '../core/journal.ts';
import type { RequestSender } from '../remote/send-request.ts';
import { createPlannedSites, type PlannedSites } from './planned-sites.ts';

type Stored = StoredSession<WireSession, undefined>;

/** What plans are sent by, and what is known of the place where a session charges. */
export interface PlanningDependencies {
  sender: Pick<RequestSender, 'send'>;
  pull(peer: PeerId): void;
  /** What is known of the EVSE of a session; undefined: nothing. */
  evseOf(session: WireSession): Promise<PlannedEvse | undefined>;
  /** The built-in one when absent. */
  planner?: Planner;
}

/** For people: what was planned last, and how an SCSP stands with each session. */
export interface PlanSnapshot {
  plannedAt: EpochMillis | undefined;
  why: Plan['why'];
  sites: readonly Site[];
  siteAt: PlannedSites['at'];
  steered: readonly Steered[];
}

/** Plans the sessions at the configured sites and sends what is worth sending, for a party that is an SCSP (how-a-request-runs §9). */
export class PlannedSessions {
  readonly #context: Context;
  readonly #means: PlanningDependencies;
  readonly #sites: PlannedSites;
  readonly #steered = new Map<SessionKey, Steered>();
  /** One at a time: each plan is made of what the one before left. */
  readonly #lane: CoalescedTask<'plan'>;
  #last: { at: EpochMillis; why: Plan['why'] } | undefined;
  #stopped = false;
  #forgetLook: (() => void) | undefined;

  constructor(context: Context, settings: NonNullable<Context['config']['planner']>, means: PlanningDependencies) {
    this.#context = context;
    this.#means = means;
    this.#sites = createPlannedSites(settings);
    this.#lane = coalesce(
      () => this.#plan(),
      (_, error) => this.#stopped || context.reportError('planning of sessions', error),
    );
  }

  /** Plans from now on; calling what it returns ends it. */
  start(): () => void {
    const deaf = this.#context.journal.onStep((step) => this.#hear(step));
    this.#tick();
    return () => {
      this.#stopped = true;
      this.#forgetLook?.();
      deaf();
    };
  }

  /** Takes note of how a driver wants a session to charge, and says truthfully what will come of it (SES-52); only what is ACCEPTED is kept. */
  async setPreferences(key: SessionKey, preferences: ChargingPreferences): Promise<PreferencesAnswer> {
    const { store, clock } = this.#context;
    const session = await store.first(sessionByKey<WireSession, undefined>(key));
    const runs = session?.peer !== undefined && takesPreferences(session.status);
    const standing = this.#steered.get(key)?.standing ?? 'steered';
    if (!runs || !this.#sites.at(session.body.location_id) || standing !== 'steered') return 'NOT_POSSIBLE';
    const answer = answerPreferences(preferences, { now: toSeconds(clock.now()), prices: this.#sites.prices !== undefined, carbon: false });
    if (answer !== 'ACCEPTED') return answer;
    await store.commit([savePreference(key, preferences, clock.now())]);
    this.#wake();
    return answer;
  }

  /** What was planned last and why, and how it stands with each session. */
  get snapshot(): PlanSnapshot {
    return {
      plannedAt: this.#last?.at,
      why: this.#last?.why ?? new Map(),
      sites: this.#sites.all,
      siteAt: this.#sites.at,
      steered: [...this.#steered.values()],
    };
  }

  #wake(): void {
    if (!this.#stopped) this.#lane.wake('plan');
  }

  #tick(): void {
    const { clock, store, reportError } = this.#context;
    this.#wake();
    clock.after(this.#sites.every * 1000, () => {
      if (this.#stopped) return;
      store.commit([forgetPreferences]).catch((error) => reportError('preferences of ended sessions', error));
      this.#tick();
    });
  }

  #hear(step: Step): void {
    if (step.step === 'session-came') this.#come(step.session);
    else if (step.step === 'active-profile-came' || step.step === 'result-came') this.#learn(step);
    else if (step.step === 'outcome' && step.kind === 'set') this.#end({ ...step, at: this.#context.clock.now() });
  }

  /** News of a session that its CPO did not know a moment ago: it does now. */
  #come(key: SessionKey): void {
    const steered = this.#steered.get(key);
    if (steered?.standing === 'dropped') this.#steered.set(key, { ...newcomer(key), sentAt: steered.sentAt, gap: steered.gap });
    this.#wake();
  }

  #learn({ session, profile }: Extract<Step, { step: 'active-profile-came' | 'result-came' }>): void {
    const steered = this.#steered.get(session);
    if (!steered || !profile) return;
    this.#steered.set(session, learnActiveProfile(steered, profile));
    this.#wake();
  }

  #end(ended: Ended & { session: SessionKey; peer: PeerId }): void {
    const steered = this.#steered.get(ended.session);
    const consequence = steered && takeOutcome(steered, ended);
    if (!consequence) return;
    this.#steered.set(ended.session, consequence.steered);
    if (consequence.next === 'pull') this.#means.pull(ended.peer);
    if (consequence.next === 'raise')
      this.#context.reportError(
        `steering of ${ended.session}`,
        `refused twice: ${consequence.steered.refusal}; it is left alone until it ends, counted with all that its EVSE carries`,
      );
    this.#wake();
  }

  async #plan(): Promise<void> {
    const { store, clock } = this.#context;
    const sessions = new Map((await store.all(runningRemote<WireSession, undefined>())).map((it) => [it.key, it]));
    const said = new Map((await store.all(allPreferences)).map((it) => [it.session, it.preferences]));
    const sites = await this.#fill(sessions, said);
    for (const key of this.#steered.keys()) if (!sessions.has(key)) this.#steered.delete(key);
    const now = clock.now();
    const problem = this.#sites.problem(toSeconds(now), sites);
    const found = (this.#means.planner ?? plan)(problem);
    this.#last = { at: now, why: found.why };
    const choices = sites.map((site) => chooseMessages({ site, plan: found, steered: this.#steered, now, until: problem.horizonEnd }));
    const messages = choices.flatMap((it) => it.send);
    for (const { session, profile } of messages) this.#steered.set(session, send(this.#known(session), profile, now));
    for (const session of choices.flatMap((it) => it.crowded)) this.#alarm(session);
    this.#lookAgain(choices.flatMap((it) => it.lookAgain ?? []));
    for (const message of messages) await this.#send(sessions.get(message.session), message, found);
  }

  #known = (key: SessionKey): Steered => this.#steered.get(key) ?? newcomer(key);

  async #fill(sessions: ReadonlyMap<SessionKey, Stored>, said: ReadonlyMap<SessionKey, ChargingPreferences>): Promise<readonly Site[]> {
    const here = [...sessions.values()].filter(({ key, body }) => this.#sites.at(body.location_id) && this.#known(key).standing !== 'dropped');
    const list = await Promise.all(here.map(async (it) => ({ ...it, evse: await this.#means.evseOf(it.body) })));
    return this.#sites.all.map((site) => ({
      ...site,
      sessions: list
        .filter(({ body }) => this.#sites.at(body.location_id) === site.location)
        .map(({ key, body, evse }): PlannedSession => {
          const preferences = said.get(key);
          return {
            key,
            evse: evse ?? { current: 'AC' },
            given: wattHours(body.kwh * 1000),
            state: this.#known(key).standing === 'steered' ? 'steered' : 'uncontrolled',
            ...(preferences && { preferences }),
          };
        }),
    }));
  }

  async #send(session: Stored | undefined, { profile, session: key }: Message, { why }: Plan): Promise<void> {
    const asked = session && (await this.#means.sender.send(session, { kind: 'set', profile }));
    const { underway } = this.#known(key);
    if (!session?.peer || !asked || !underway) return;
    if (asked.ok) {
      this.#steered.set(key, { ...this.#known(key), underway: { ...underway, exchange: asked.value } });
      this.#context.journal.note({ step: 'planned', exchange: asked.value, session: key, why: why.get(key) ?? '' });
    } else {
      const nowhere = { exchange: undefined, state: 'REFUSED', reason: asked.problem, result: undefined, at: this.#context.clock.now() };
      this.#end({ ...nowhere, session: key, peer: session.peer });
    }
  }

  #alarm(key: SessionKey): void {
    const steered = this.#known(key);
    if (steered.alarmed) return;
    this.#steered.set(key, { ...steered, alarmed: true });
    this.#context.reportError(`steering of ${key}`, 'three messages within ten minutes did not bring it to its plan; the next ones wait');
  }

  #lookAgain(moments: readonly number[]): void {
    this.#forgetLook?.();
    if (moments.length === 0) return;
    this.#forgetLook = this.#context.clock.after(Math.max(0, Math.min(...moments) - this.#context.clock.now()), () => this.#wake());
  }
}
