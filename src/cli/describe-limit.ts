import type { LimitView } from '../node/api/sessions/schemas.ts';
import { describeLimit } from './describe-profile.ts';

/** A limit with its origin and its end: `10 A · garage/north`, `8 A · NL*SCS until 10:57`. Times are of this machine. */
export function describeLimitWithOrigin({ limit, unit, origin, until }: LimitView): string {
  const end = until === undefined ? '' : ` until ${hourAndMinute(until)}`;
  return `${describeLimit(limit, unit)} · ${describeOrigin(origin)}${end}`;
}

/** The maximum of an EVSE and the limit of a station itself are named by what they are: the session shows both names beside it. */
function describeOrigin({ kind, name }: LimitView['origin']): string {
  switch (kind) {
    case 'evse':
      return 'EVSE';
    case 'station':
      return 'station';
    case 'plan':
      return `plan of ${name}`;
    default:
      return name;
  }
}

/** Day, hours and minutes in the time zone of this machine: `2030-01-01 10:57`. */
export const dayAndMinute = (moment: string | number): string => new Date(moment).toLocaleString('sv').slice(0, 16);
/** Hours and minutes in the time zone of this machine. */
export const hourAndMinute = (moment: string | number): string => new Date(moment).toTimeString().slice(0, 5);
