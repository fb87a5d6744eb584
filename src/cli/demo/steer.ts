import { type Random, type StreetStation, seeded } from '../../../sim/index.ts';
import { type Ask, amperes, type Clock, epochSeconds, type Node, type SessionKey, type Step, seconds, watts } from '../../node/index.ts';

type Evse = StreetStation['evses'][number];
type Profile = Extract<Ask, { kind: 'set' }>['profile'];

export interface SteeringOptions {
  emsp: Node;
  clock: Clock;
  seed: string;
  /** An EVSE that the eMSP steers; undefined for others. */
  evseOf(uid: string): Evse | undefined;
  reportError(what: string, error: unknown): void;
}

/** How long a calm profile holds, and when the next is sent, in s. */
const PROFILE_LASTS = 3600;
const NEXT_PROFILE_AFTER = 2700;

/**
 * Steers the new sessions of the eMSP until it is disposed. In its first minute each session gets a profile, a get of the active profile
 * and a clear, so that every request is shown soon. After that it gets a profile with steps of some minutes, and the next one before that
 * ends.
 */
export function steerSessions({ emsp, clock, seed, evseOf, reportError }: SteeringOptions): Disposable {
  const scripts = new Map<SessionKey, { ended: boolean }>();
  const sending = new Set<string>();

  const stop = emsp.journal.onStep((step) => {
    if (step.step === 'session-received') {
      const evse = evseOf(step.evseUid);
      if (step.status === 'ACTIVE' && evse && !scripts.has(step.session)) startScript(step.session, evse);
      if (step.status === 'COMPLETED' || step.status === 'INVALID') endScript(step.session);
    }
    // A request by hand (console, API, CLI) ends the script, so that it does not overwrite the limit.
    if (step.step === 'request-sent' && !sending.has(`${step.session} ${step.kind}`)) endScript(step.session);
  });

  function startScript(session: SessionKey, evse: Evse): void {
    const state = { ended: false };
    scripts.set(session, state);
    steer(session, profilesFor(evse, seeded(seed).branch(`${evse.uid} ${scripts.size}`)), state).catch((error) => {
      if (!state.ended) reportError(`the script for session ${session} failed`, error);
    });
  }

  async function steer(session: SessionKey, { first, calm }: { first: Profile; calm(now: number): Profile }, state: { ended: boolean }): Promise<void> {
    const opening: readonly [pause: number, ask: Ask][] = [
      [1, { kind: 'set', profile: first }],
      [5, { kind: 'get', duration: seconds(900) }],
      [25, { kind: 'clear' }],
    ];
    for (const [pause, ask] of opening) await sendLater(session, state, { pause, ask: () => ask });
    for (let pause = 20; !state.ended; pause = NEXT_PROFILE_AFTER)
      await sendLater(session, state, { pause, ask: () => ({ kind: 'set', profile: calm(clock.now()) }) });
  }

  async function sendLater(session: SessionKey, state: { ended: boolean }, { pause, ask }: { pause: number; ask: () => Ask }): Promise<void> {
    if (!state.ended) await wait(pause);
    if (!state.ended) await sendAndWait(session, ask());
  }

  function endScript(session: SessionKey): void {
    const state = scripts.get(session);
    if (state) state.ended = true;
  }

  const wait = (span: number) => new Promise<void>((resolve) => void clock.after(span * 1000, resolve));

  /** Sends a request and waits for its outcome. */
  async function sendAndWait(session: SessionKey, ask: Ask): Promise<void> {
    const id = `${session} ${ask.kind}`;
    sending.add(id);
    const sent = await emsp.ask(session, ask);
    sending.delete(id);
    if (sent.ok) await outcomeOf(sent.value.id);
    else endScript(session);
  }

  const outcomeOf = (exchange: string) =>
    new Promise<void>((resolve) => {
      const stopListening = emsp.journal.onStep((step: Step) => {
        if (step.step !== 'outcome' || step.exchange !== exchange) return;
        stopListening();
        resolve();
      });
    });

  return {
    [Symbol.dispose]: () => {
      stop();
      for (const session of scripts.keys()) endScript(session);
    },
  };
}

type Steps = readonly (readonly [start: number, current: number])[];

/** A flat profile for the start, then calm ones that begin at `now`. On AC mostly in A, sometimes in W; in W on DC. */
function profilesFor({ powerType, maxVoltage }: Evse, random: Random): { first: Profile; calm(now: number): Profile } {
  const inWatts = powerType === 'DC' || random.chance(0.3);
  const wattsOf = (current: number) => watts(powerType === 'DC' ? current * 2_000 : current * maxVoltage * (powerType === 'AC_3_PHASE' ? 3 : 1));
  const profile = (steps: Steps, span: Pick<Profile, 'start' | 'duration'> = {}): Profile =>
    inWatts
      ? { ...span, unit: 'W', periods: steps.map(([start, current]) => ({ start: seconds(start), limit: wattsOf(current) })) }
      : { ...span, unit: 'A', periods: steps.map(([start, current]) => ({ start: seconds(start), limit: amperes(current) })) };
  return {
    first: profile([[0, random.integer(8, 10)]]),
    calm: (now) => profile(calmSteps(random), { start: epochSeconds(Math.floor(now / 1000)), duration: seconds(PROFILE_LASTS) }),
  };
}

/** Start in s and current in A of five steps of 5 to 12 min; the current changes by 2 or 3 A, and stays between 8 and 16 A. */
function calmSteps(random: Random): Steps {
  const steps: [start: number, current: number][] = [];
  let [start, current] = [0, random.integer(10, 14)];
  while (steps.length < 5) {
    steps.push([start, current]);
    start += 60 * random.integer(5, 12);
    const change = random.integer(2, 3);
    const goesUp = current - change < 8 || (current + change <= 16 && random.chance(0.5));
    current += goesUp ? change : -change;
  }
  return steps;
}
