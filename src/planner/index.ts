/** Sessions, prices and limits in; charging profiles out. Pure; no clock, no input or output. */
export { sessionKey } from '../domain/ids.ts';
export type { ChargingPreferences, PreferencesAnswer, ProfileType } from '../domain/preferences.ts';
export { plan } from './plan.ts';
export { answerPreferences, type PlanningData } from './preferences.ts';
export type { Plan, PlannedEvse, PlannedSession, Planner, Problem, Site, SiteLimit } from './problem.ts';
