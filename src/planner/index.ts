/** The planner: sessions, prices and limits in, charging profiles out. Pure functions without clock, input or output. */
export { sessionKey } from '../domain/ids.ts';
export type { ChargingPreferences, PreferencesAnswer, ProfileType } from '../domain/preferences.ts';
export { type Baseline, baselinePlanner } from './baselines/baseline.ts';
export type { Making } from './finish/make-plan.ts';
export { planOfSchedules } from './finish/sent-plan.ts';
export { plan } from './plan.ts';
export { answerPreferences, type PlanningData } from './preferences.ts';
export type { Plan, PlannedEvse, PlannedSession, Planner, Problem, Site, SiteLimit } from './problem.ts';
export type { Blame, Certificate, Method, ProblemNote, SessionSchedule, SitePlan, SitePlanner, Unserved } from './site-plan.ts';
export type {
  DemandCharge,
  DischargeData,
  EvseData,
  NodeLimit,
  NodeStep,
  Phase,
  SentSchedule,
  SessionProblem,
  SiteProblem,
  SumLimit,
  ValueStep,
} from './site-problem.ts';
export { type Learnt, learnFrom, type Observed, type PastSession, type WindowAndNeed, windowAndNeed } from './stated-and-learnt.ts';
export { type CarPark, carPark } from './synthetic-site.ts';
