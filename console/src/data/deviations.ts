import { limitText, type EvseRating, powerText, wattsOf } from './quantity.ts';
import type { SessionView } from './api-types.ts';

export interface Deviation {
  session: string;
  text: string;
}

/** A meter is allowed to be a little off. */
const TOLERANCE = 1.05;

/** Sessions that are not as they should be: more power than the limit, or a profile of which nobody knows whether it holds. */
export const deviationsOf = (sessions: readonly SessionView[], outletOf: (session: SessionView) => EvseRating | undefined): Deviation[] =>
  sessions.flatMap((it) => {
    const found: Deviation[] = [];
    const outlet = outletOf(it);
    const most = it.limit && (it.limit.unit === 'W' ? it.limit.limit : outlet && wattsOf(it.limit.limit, outlet));
    if (it.limit && most !== undefined && it.power !== undefined && it.power > most * TOLERANCE + 50)
      found.push({ session: it.key, text: `takes ${powerText(it.power)}, more than its limit of ${limitText(it.limit.limit, it.limit.unit)}` });
    for (const input of it.inputs)
      if (input.state === 'uncertain') found.push({ session: it.key, text: `nobody knows whether the profile of ${input.by} holds` });
    return found;
  });
