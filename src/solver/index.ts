/** `evenkeel/planner`: the pure planner, and the optimiser that solves its problems in worker threads. */
export * from '../planner/index.ts';
export { type OptimisingPlanner, openPlanner, type PlannerOptions } from './open-planner.ts';
