import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { MOST_MESSAGES, type SteeredSession } from './steered-session.ts';

const WINDOW_MS = 600_000;

/** From when on the next message may go; `crowded` when it is the number of messages that holds it up, not the gap between two (how-a-request-runs §9). */
export function nextMessage({ sentAt, gap, quietUntil }: Pick<SteeredSession, 'sentAt' | 'gap' | 'quietUntil'>): { at: EpochMillis; crowded: boolean } {
  const last = sentAt.at(-1);
  const first = sentAt.at(-MOST_MESSAGES);
  const byGap = Math.max(quietUntil, last === undefined ? 0 : last + gap * 1000);
  const byNumber = first === undefined ? 0 : first + WINDOW_MS;
  return { at: epochMillis(Math.max(byGap, byNumber)), crowded: byNumber > byGap };
}
