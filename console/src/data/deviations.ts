import { text } from '../text/text.ts';
import type { SessionView } from './api-types.ts';
import { type EvseRating, limitText, powerText, wattsOf } from './quantity.ts';

/** Something about a session that an operator should look at. */
export interface Deviation {
  session: string;
  text: string;
}

/** A meter may read 5 % and 50 W too much. */
const TOLERANCE = 1.05;
const TOLERANCE_W = 50;

/** Running sessions that draw more than their limit, or of which it is not known whether a profile is in force. */
export const deviationsOf = (sessions: readonly SessionView[], ratingOf: (session: SessionView) => EvseRating | undefined): Deviation[] =>
  sessions.flatMap((it) => {
    const found: Deviation[] = [];
    const rating = ratingOf(it);
    const most = it.limit && (it.limit.unit === 'W' ? it.limit.limit : rating && wattsOf(it.limit.limit, rating));
    if (it.limit && most !== undefined && it.power !== undefined && it.power > most * TOLERANCE + TOLERANCE_W)
      found.push({ session: it.key, text: text().session.deviationPower(powerText(it.power), limitText(it.limit.limit, it.limit.unit)) });
    for (const input of it.inputs) if (input.state === 'uncertain') found.push({ session: it.key, text: text().session.deviationUnknown(input.by) });
    return found;
  });
