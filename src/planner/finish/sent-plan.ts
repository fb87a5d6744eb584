import { epochSeconds } from '../../domain/units.ts';
import { prepare } from '../prepare/prepare.ts';
import type { Prepared } from '../prepare/prepared.ts';
import type { SessionSchedule, SitePlan } from '../site-plan.ts';
import type { SentSchedule, SiteProblem, ValueStep } from '../site-problem.ts';
import type { Draft } from './draft.ts';
import { evaluate } from './evaluate.ts';
import { type Making, makePlan } from './make-plan.ts';

/** A gain of less than this part of the objective, or of the usual cost of the energy, does not change a plan that was sent. */
const WORTH_SENDING = 0.005;

/**
 * The plan that was sent, when it is still allowed and no plan is better by an amount that is worth new profiles: a plan that is made
 * again is the same plan. `objective`: that of the optimum, or of the plan
 * that would be sent instead; `honest`: the problem that the certificate is about.
 * Undefined: a new plan is needed.
 */
export function keepSent(prepared: Prepared, objective: number, { honest, making }: { honest: Prepared; making: Making }): SitePlan | undefined {
  const { sessions } = prepared;
  if (sessions.length === 0 || sessions.some(({ sent }) => !sent)) return undefined;
  const draft = sentDraft(prepared);
  if (sessions.some(({ most, discharge }, n) => most.some((limit, slot) => isBeyond(draft.kw[n]?.[slot] ?? 0, limit, discharge?.max ?? 0)))) return undefined;
  const evaluation = evaluate(prepared, draft);
  const usual = sessions.reduce((sum, { need }) => sum + need, 0);
  if (evaluation.exceeded.length > 0 || evaluation.objective > objective + WORTH_SENDING * Math.max(usual, Math.abs(objective))) return undefined;
  return planOfSent(honest, draft, making);
}

/** The plan of schedules from elsewhere, such as another optimiser; `why`: its sentences. Its certificate names each limit that it exceeds. */
export function planOfSchedules(problem: SiteProblem, schedules: readonly (SentSchedule & { why?: string })[], making: Making): SitePlan {
  const prepared = prepare({ ...problem, sent: schedules }, { atSent: true });
  const draft = sentDraft(prepared);
  const plan = planOfSent(prepared, draft, making);
  const tooMuch = prepared.sessions.filter((session, n) =>
    session.most.some((limit, slot) => isBeyond(draft.kw[n]?.[slot] ?? 0, limit, session.discharge?.max ?? 0)),
  );
  const named = plan.schedules.map((it) => ({ ...it, why: schedules.find(({ key }) => key === it.key)?.why ?? it.why }));
  return {
    ...plan,
    schedules: named,
    certificate: { ...plan.certificate, exceeded: [...plan.certificate.exceeded, ...tooMuch.map(({ problem: { key } }) => `the EVSE of ${key}`)] },
  };
}

function planOfSent(prepared: Prepared, draft: Draft, making: Making): SitePlan {
  const plan = makePlan(prepared, draft, making);
  return { ...plan, schedules: plan.schedules.map((it) => ({ ...it, steps: sentSteps(prepared, it) })) };
}

const isBeyond = (kw: number, most: number, discharge: number) => kw > most + 1e-6 || kw < -discharge - 1e-6;

/** The profiles sent last on the slots of this plan: the highest limit of each slot, for the part that delivers its mean. */
function sentDraft({ sessions, slots }: Prepared): Draft {
  const kw = sessions.map(({ sent, most }) => Float64Array.from(slots, (_, slot) => ((most[slot] ?? 0) > 0 ? (sent?.most[slot] ?? 0) : 0)));
  const part = sessions.map(({ sent }) => Float64Array.from(slots, (_, slot) => partOf(sent?.mean[slot] ?? 0, sent?.most[slot] ?? 0)));
  return { kw, part };
}

const partOf = (mean: number, most: number) => (most === 0 ? 1 : Math.max(0, Math.min(1, mean / most)));

function sentSteps({ problem, slots }: Prepared, { key }: SessionSchedule): readonly ValueStep[] {
  const [start, end] = [slots[0]?.from ?? 0, slots.at(-1)?.to ?? 0];
  const steps = (problem.sent ?? []).find((it) => it.key === key)?.steps ?? [];
  const filled: ValueStep[] = [];
  let at = start;
  const add = (to: number, value: number) => {
    const last = filled.at(-1);
    if (to <= at) return;
    if (last?.value === value) last.to = epochSeconds(to);
    else filled.push({ from: epochSeconds(at), to: epochSeconds(to), value });
    at = to;
  };
  for (const { from, to, value } of steps) {
    add(Math.min(from, end), 0);
    add(Math.min(to, end), value);
  }
  add(end, 0);
  return filled;
}
