import { type Random, type StreetStation, seeded } from '../../../sim/index.ts';
import { type Ask, amperes, type Clock, type Node, type SessionKey, type Step, seconds, watts } from '../../node/index.ts';

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

/**
 * Steers the new sessions of the eMSP until it is disposed. Each session gets a profile, a get of the active profile, another profile
 * and a clear; two minutes later the same again.
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
    steer(session, pickProfiles(evse, seeded(seed).branch(`${evse.uid} ${scripts.size}`)), state).catch((error) => {
      if (!state.ended) reportError(`the script for session ${session} failed`, error);
    });
  }

  async function steer(session: SessionKey, [first, second]: readonly [Profile, Profile], state: { ended: boolean }): Promise<void> {
    const round: readonly [pause: number, ask: Ask][] = [
      [1, { kind: 'set', profile: first }],
      [5, { kind: 'get', duration: seconds(900) }],
      [10, { kind: 'set', profile: second }],
      [20, { kind: 'clear' }],
    ];
    for (;;) {
      for (const [pause, ask] of round) {
        await wait(pause);
        if (state.ended) return;
        await sendAndWait(session, ask);
      }
      await wait(120);
    }
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

/** A low and a high profile that suit the EVSE; on AC mostly in A, sometimes in W. */
function pickProfiles({ powerType, maxVoltage }: Evse, random: Random): [Profile, Profile] {
  const inWatts = (limit: number): Profile => ({ unit: 'W', periods: [{ start: seconds(0), limit: watts(limit) }] });
  const inAmperes = (limit: number): Profile => ({ unit: 'A', periods: [{ start: seconds(0), limit: amperes(limit) }] });
  const low = random.pick([8, 9, 10]);
  const high = random.pick([12, 13, 14]);
  if (powerType === 'DC') return [inWatts(low * 2_000), inWatts(high * 2_000)];
  const phases = powerType === 'AC_3_PHASE' ? 3 : 1;
  return random.chance(0.3) ? [inWatts(low * maxVoltage * phases), inAmperes(high)] : [inAmperes(low), inAmperes(high)];
}
