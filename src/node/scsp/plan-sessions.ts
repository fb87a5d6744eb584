import type { PeerId, SessionKey } from '../../domain/ids.ts';
import { type ChargingPreferences, type PreferencesAnswer, takesPreferences } from '../../domain/preferences.ts';
import { type EpochMillis, toSeconds, wattHours } from '../../domain/units.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { plan } from '../../planner/plan.ts';
import { answerPreferences } from '../../planner/preferences.ts';
import type { Plan, PlannedEvse, PlannedSession, Planner, Site } from '../../planner/problem.ts';
import { applyActiveProfile } from '../../roles/scsp/apply-active-profile.ts';
import { applyOutcome, type EndedSet } from '../../roles/scsp/apply-outcome.ts';
import { chooseMessages, type Message } from '../../roles/scsp/choose-messages.ts';
import { takesAtMost } from '../../roles/scsp/measured-draw.ts';
import { newSteeredSession, type SteeredSession, withSent } from '../../roles/scsp/steered-session.ts';
import { allPreferences, forgetPreferences, savePreference } from '../../store/sql/preference.ts';
import { runningRemote, type StoredSession, sessionByKey } from '../../store/sql/session.ts';
import { type CoalescedTask, coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import type { Step } from '../core/journal.ts';
import type { RequestSender } from '../remote/send-request.ts';
import { createPlannedSites, type PlannedSites } from './planned-sites.ts';

type Stored = StoredSession<WireSession, undefined>;

/** What planning needs from other parts of the node. */
export interface PlanningDependencies {
  sender: Pick<RequestSender, 'send'>;
  /** Pulls the sessions of a peer again. */
  pull(peer: PeerId): void;
  /** The EVSE of a session; undefined: not known. */
  evseOf(session: WireSession): Promise<PlannedEvse | undefined>;
  /** Absent: the built-in planner. */
  planner?: Planner;
}

/** The last plan and the state of each session, for the operator API. */
export interface PlanSnapshot {
  plannedAt: EpochMillis | undefined;
  /** The reason for the profile of each session. */
  why: Plan['why'];
  sites: readonly Site[];
  siteAt: PlannedSites['at'];
  steered: readonly SteeredSession[];
}

/** Plans the sessions at the configured sites of an SCSP, and sends the profiles that differ enough from the ones before (how-a-request-runs §9). */
export class PlannedSessions {
  readonly #context: Context;
  readonly #dependencies: PlanningDependencies;
  readonly #sites: PlannedSites;
  readonly #steered = new Map<SessionKey, SteeredSession>();
  /** One plan at a time: each starts from the state after the last one. */
  readonly #tasks: CoalescedTask<'plan'>;
  #last: { at: EpochMillis; why: Plan['why'] } | undefined;
  #cancelReview: (() => void) | undefined;

  constructor(context: Context, settings: NonNullable<Context['config']['planner']>, dependencies: PlanningDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    this.#sites = createPlannedSites(settings);
    this.#tasks = coalesce(context.work, { name: () => 'planning of sessions', task: () => this.#plan() });
    context.metrics.keep('planned sessions', () => this.#steered.size);
  }

  /** Starts to plan, until the node stops. */
  start(): void {
    this.#context.journal.onStep((step) => this.#processStep(step));
    this.#schedule();
  }

  /** Answers charging preferences of a driver by what the plan can do (SES-52). Only preferences that are ACCEPTED are stored. */
  async setPreferences(key: SessionKey, preferences: ChargingPreferences): Promise<PreferencesAnswer> {
    const { store, clock } = this.#context;
    const session = await store.first(sessionByKey<WireSession, undefined>(key));
    const runs = session?.peer !== undefined && takesPreferences(session.status);
    const standing = this.#steered.get(key)?.state ?? 'steered';
    if (!runs || !this.#sites.at(session.body.location_id) || standing !== 'steered') return 'NOT_POSSIBLE';
    const answer = answerPreferences(preferences, { now: toSeconds(clock.now()), prices: this.#sites.prices !== undefined, carbon: false });
    if (answer !== 'ACCEPTED') return answer;
    await store.commit([savePreference(key, preferences, clock.now())]);
    this.#replan();
    return answer;
  }

  /** The last plan and the state of each session. */
  get snapshot(): PlanSnapshot {
    return {
      plannedAt: this.#last?.at,
      why: this.#last?.why ?? new Map(),
      sites: this.#sites.all,
      siteAt: this.#sites.at,
      steered: [...this.#steered.values()],
    };
  }

  #replan(): void {
    if (!this.#context.work.stopping.aborted) this.#tasks.wake('plan');
  }

  #schedule(): void {
    const { clock, store, work } = this.#context;
    this.#replan();
    clock.after(this.#sites.every * 1000, () => {
      work.start('preferences of ended sessions', () => store.commit([forgetPreferences]));
      this.#schedule();
    });
  }

  #processStep(step: Step): void {
    if (step.step === 'session-received') this.#sessionReceived(step.session);
    else if (step.step === 'active-profile-received' || step.step === 'result-received') this.#activeProfileReceived(step);
    else if (step.step === 'outcome' && step.kind === 'set') this.#applyOutcome({ ...step, at: this.#context.clock.now() });
  }

  /** A session was received. One that its CPO did not know before is planned again. */
  #sessionReceived(key: SessionKey): void {
    const steered = this.#steered.get(key);
    if (steered?.state === 'dropped') this.#steered.set(key, { ...newSteeredSession(key), sentAt: steered.sentAt, gap: steered.gap });
    this.#replan();
  }

  #activeProfileReceived({ session, profile }: Extract<Step, { step: 'active-profile-received' | 'result-received' }>): void {
    const steered = this.#steered.get(session);
    if (!steered || !profile) return;
    this.#steered.set(session, applyActiveProfile(steered, profile));
    this.#replan();
  }

  #applyOutcome(ended: EndedSet & { session: SessionKey; peer: PeerId }): void {
    const steered = this.#steered.get(ended.session);
    const consequence = steered && applyOutcome(steered, ended);
    if (!consequence) return;
    this.#steered.set(ended.session, consequence.steered);
    if (consequence.next === 'pull') this.#dependencies.pull(ended.peer);
    if (consequence.next === 'alert')
      this.#context.reportError(
        `steering of ${ended.session}`,
        `refused twice: ${consequence.steered.refusal}; no more profiles are sent to it until its CPO reports an active profile, and the plan counts the maximum of its EVSE`,
      );
    this.#replan();
  }

  async #plan(): Promise<void> {
    const { store, clock, work } = this.#context;
    const sessions = new Map((await store.all(runningRemote<WireSession, undefined>())).map((it) => [it.key, it]));
    const preferences = new Map((await store.all(allPreferences)).map((it) => [it.session, it.preferences]));
    const sites = await this.#sitesWith(sessions, preferences);
    for (const key of this.#steered.keys()) if (!sessions.has(key)) this.#steered.delete(key);
    const now = clock.now();
    const problem = this.#sites.problem(toSeconds(now), sites);
    const found = (this.#dependencies.planner ?? plan)(problem);
    this.#last = { at: now, why: found.why };
    const choices = sites.map((site) => chooseMessages({ site, plan: found, steered: this.#steered, now, until: problem.horizonEnd }));
    const messages = choices.flatMap((it) => it.send);
    for (const { session, profile } of messages) this.#steered.set(session, withSent(this.#known(session), profile, now));
    for (const session of choices.flatMap((it) => it.messageLimitReached)) this.#reportOverload(session);
    this.#reviewAt(choices.flatMap((it) => it.lookAgain ?? []));
    for (const message of messages) if (!work.stopping.aborted) await this.#send(sessions.get(message.session), message, found);
  }

  #known = (key: SessionKey): SteeredSession => this.#steered.get(key) ?? newSteeredSession(key);

  /** The sites with their sessions. */
  async #sitesWith(sessions: ReadonlyMap<SessionKey, Stored>, preferences: ReadonlyMap<SessionKey, ChargingPreferences>): Promise<readonly Site[]> {
    const planned = [...sessions.values()].filter(({ key, body }) => this.#sites.at(body.location_id) && this.#known(key).state !== 'dropped');
    const list = await Promise.all(planned.map(async (it) => ({ ...it, evse: await this.#dependencies.evseOf(it.body) })));
    return this.#sites.all.map((site) => ({
      ...site,
      sessions: list
        .filter(({ body }) => this.#sites.at(body.location_id) === site.location)
        .map(({ key, body, evse }): PlannedSession => {
          const wanted = preferences.get(key);
          const at = { evse: evse ?? { current: 'AC' as const }, limit: site.limit };
          const takes = takesAtMost(body, this.#known(key), at);
          return {
            key,
            evse: at.evse,
            given: wattHours(body.kwh * 1000),
            state: this.#known(key).state === 'steered' ? 'steered' : 'uncontrolled',
            ...(takes !== undefined && { takesAtMost: takes }),
            ...(wanted && { preferences: wanted }),
          };
        }),
    }));
  }

  /** Sends one profile; one that cannot be sent counts as refused. */
  async #send(session: Stored | undefined, { profile, session: key }: Message, { why }: Plan): Promise<void> {
    const sent = session && (await this.#dependencies.sender.send(session, { kind: 'set', profile }));
    const { underway } = this.#known(key);
    if (!session?.peer || !sent || !underway) return;
    if (sent.ok) {
      this.#steered.set(key, { ...this.#known(key), underway: { ...underway, exchange: sent.value } });
      this.#context.journal.note({ step: 'planned', exchange: sent.value, session: key, why: why.get(key) ?? '' });
    } else {
      const refused = { exchange: undefined, state: 'REFUSED', reason: sent.problem, result: undefined, at: this.#context.clock.now() };
      this.#applyOutcome({ ...refused, session: key, peer: session.peer });
    }
  }

  /** Reports once that messages to a session are limited. */
  #reportOverload(key: SessionKey): void {
    const steered = this.#known(key);
    if (steered.overloadReported) return;
    this.#steered.set(key, { ...steered, overloadReported: true });
    this.#context.reportError(`steering of ${key}`, 'three messages within ten minutes did not bring the session to its plan; the next messages are delayed');
  }

  /** Plans again at the first of these moments. */
  #reviewAt(moments: readonly number[]): void {
    this.#cancelReview?.();
    if (moments.length === 0) return;
    this.#cancelReview = this.#context.clock.after(Math.max(0, Math.min(...moments) - this.#context.clock.now()), () => this.#replan());
  }
}
