import { type Random, type StreetStation, seeded } from '../../../sim/index.ts';
import { type Ask, amperes, type Clock, type Node, type SessionKey, type Step, seconds, watts } from '../../node/index.ts';

type Evse = StreetStation['evses'][number];
type Profile = Extract<Ask, { kind: 'set' }>['profile'];

/** What the eMSP of the demo works with. */
export interface SteeringOptions {
  emsp: Node;
  clock: Clock;
  seed: string;
  evseOf(uid: string): Evse | undefined;
  reportError(what: string, error: unknown): void;
}

/** The eMSP's whole day: each new session gets a profile, is asked for the active one, gets another, and is let go; after a while again. */
export function steerSessions({ emsp, clock, seed, evseOf, reportError }: SteeringOptions): Disposable {
  const begun = new Map<SessionKey, { over: boolean }>();
  const ours = new Set<string>();

  const stop = emsp.journal.onStep((step) => {
    if (step.step === 'session-came') {
      const evse = evseOf(step.evseUid);
      if (step.status === 'ACTIVE' && evse && !begun.has(step.session)) begin(step.session, evse);
      if (step.status === 'COMPLETED' || step.status === 'INVALID') letGo(step.session);
    }
    // Whoever steers a session by hand keeps it: the script does not speak in between.
    if (step.step === 'asked' && !ours.has(`${step.session} ${step.kind}`)) letGo(step.session);
  });

  function begin(session: SessionKey, evse: Evse): void {
    const state = { over: false };
    begun.set(session, state);
    steer(session, drawProfiles(evse, seeded(seed).branch(`${evse.uid} ${begun.size}`)), state).catch((error) => {
      if (!state.over) reportError(`the script for ${session} ended`, error);
    });
  }

  async function steer(session: SessionKey, [first, second]: readonly [Profile, Profile], state: { over: boolean }): Promise<void> {
    const round: readonly [pause: number, ask: Ask][] = [
      [1, { kind: 'set', profile: first }],
      [5, { kind: 'get', duration: seconds(900) }],
      [10, { kind: 'set', profile: second }],
      [20, { kind: 'clear' }],
    ];
    for (;;) {
      for (const [pause, ask] of round) {
        await wait(pause);
        if (state.over) return;
        await askAndHear(session, ask);
      }
      await wait(120);
    }
  }

  function letGo(session: SessionKey): void {
    const state = begun.get(session);
    if (state) state.over = true;
  }

  const wait = (span: number) => new Promise<void>((then) => void clock.after(span * 1000, then));

  /** Asks, and waits until it is known what became of it. */
  async function askAndHear(session: SessionKey, ask: Ask): Promise<void> {
    const mark = `${session} ${ask.kind}`;
    ours.add(mark);
    const asked = await emsp.ask(session, ask);
    ours.delete(mark);
    if (asked.ok) await outcomeOf(asked.value.id);
    else letGo(session);
  }

  const outcomeOf = (exchange: string) =>
    new Promise<void>((told) => {
      const end = emsp.journal.onStep((step: Step) => {
        if (step.step !== 'outcome' || step.exchange !== exchange) return;
        end();
        told();
      });
    });

  return {
    [Symbol.dispose]: () => {
      stop();
      for (const session of begun.keys()) letGo(session);
    },
  };
}

/** Two different ceilings that suit the EVSE; now and then in watts where most speak in amperes. */
function drawProfiles({ powerType, maxVoltage }: Evse, random: Random): [Profile, Profile] {
  const inWatts = (limit: number): Profile => ({ unit: 'W', periods: [{ start: seconds(0), limit: watts(limit) }] });
  const inAmperes = (limit: number): Profile => ({ unit: 'A', periods: [{ start: seconds(0), limit: amperes(limit) }] });
  const low = random.pick([8, 9, 10]);
  const high = random.pick([12, 13, 14]);
  if (powerType === 'DC') return [inWatts(low * 2_000), inWatts(high * 2_000)];
  const phases = powerType === 'AC_3_PHASE' ? 3 : 1;
  return random.chance(0.3) ? [inWatts(low * maxVoltage * phases), inAmperes(high)] : [inAmperes(low), inAmperes(high)];
}
