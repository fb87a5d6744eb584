import type { SteeringView } from './console-api-types.ts';

/** When a party was resumed, by the node's clock, and the sessions that it steered before its halt. */
export interface Resumed {
  at: string;
  sessions: readonly string[];
}

/** Those sessions that a resumed party has set a profile on since. */
export function retaken(sessions: SteeringView['parties'][number]['sessions'], { at, sessions: before }: Resumed): ReadonlySet<string> {
  const taken = sessions.filter(({ session, steers, since = '' }) => steers && before.includes(session) && Date.parse(since) >= Date.parse(at));
  return new Set(taken.map(({ session }) => session));
}
