import { counting } from '../plural.ts';

const counted = counting('en');

/** The day of a site: its sessions under its limit, and who held what at a moment. */
export const siteDay = {
  title: (node: string) => `Day of ${node}`,
  site: 'Site',
  node: 'Site node',
  view: 'Shown',
  previous: 'Previous day',
  next: 'Next day',
  today: 'Today',
  limit: 'Limit',
  plannedLimit: 'Planned limit',
  building: 'Building',
  otherEvses: (count: number) => counted(count, { one: 'other EVSE', other: 'other EVSEs' }),
  moment: 'Moment',
  momentHelp: 'Arrow keys move by 1 min, with Shift by 1 s. The chart can be clicked, too.',
  backToNow: 'Now',
  at: (time: string) => `At ${time}`,
  ahead: 'planned for the sessions that run now',
  limitNow: (limit: string) => `limit ${limit}`,
  limitUnknown: 'limit not known',
  noLimit: 'no limit',
  imposed: (limit: string) => `imposed: ${limit}`,
  drawn: (power: string, currents: string) => `sessions draw ${power} (${currents})`,
  buildingTakes: (power: string) => `building ${power}`,
  unknown: (count: number) => `not known: ${counted(count, { one: 'session', other: 'sessions' })}`,
  more: 'Only the first 200 sessions are shown.',
  columns: { evse: 'EVSE', held: 'Limit', drawn: 'Drawn', session: 'Session' },
  noCard: 'no card',
  unknownSince: (time: string) => `unknown since ${time}`,
  notKnown: 'not known',
  estimated: 'estimated',
  nobody: 'No session',
  nobodyHelp: 'No session ran below this node at this moment.',
};
