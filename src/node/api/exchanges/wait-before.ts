import type { EpochMillis } from '../../../domain/units.ts';
import type { StoredExchange } from '../../../store/sql/exchange.ts';
import type { KeptFrame } from '../../core/station-messages.ts';
import { readFrame } from '../stations/read-frame.ts';
import type { Draft, KeptOfExchange } from './kept-of-exchange.ts';
import type { WaitView } from './schemas.ts';

/** A shorter wait needs no explanation. */
const NOTABLE_MS = 1_000;

interface Around {
  /** The messages before, in the order of time. */
  before: readonly Draft[];
  exchange: StoredExchange;
  kept: Pick<KeptOfExchange, 'frames' | 'states'>;
}

/** Why a message came a second or more after the one before it; undefined when it did not, or when its time is not known. */
export function waitBefore(message: Draft, { before, exchange, kept }: Around): WaitView | undefined {
  const since = before.findLast((it) => it.at !== undefined)?.at;
  if (message.at === undefined || since === undefined || message.at - since < NOTABLE_MS) return undefined;
  const wait = { ms: message.at - since };
  switch (message.step) {
    case 'station-call':
      return whyNotCalled(wait, { from: since, to: message.at, station: message.to, kept });
    case 'station-answer':
      return explained({ ...wait, because: 'station-answer', of: message.from });
    case 'answer':
    case 'relayed-answer':
      return message.from === 'node' ? explained({ ...wait, because: 'node' }) : explained({ ...wait, because: 'peer-answer', of: message.from });
    case 'result':
      return explained({ ...wait, because: 'peer-result', of: message.from });
    case 'end':
      return whyEnded(wait, { from: since, to: message.at, before, exchange, kept });
    default:
      return explained({ ...wait, because: 'node' });
  }
}

interface Span {
  from: EpochMillis;
  to: EpochMillis;
}

/** A call waits for the charge point to connect, or for the answer to an earlier call: OCPP allows one call at a time. */
function whyNotCalled(wait: { ms: number }, { station, kept, ...span }: Span & { station: string; kept: Around['kept'] }): WaitView {
  if (wasAway(kept, span)) return explained({ ...wait, because: 'station-away', of: station });
  const call = callBefore(kept.frames, span);
  return call === undefined ? explained({ ...wait, because: 'node' }) : explained({ ...wait, because: 'earlier-call', of: station, call });
}

/** The end of a request that was not sent, or not answered. */
function whyEnded(wait: { ms: number }, { before, exchange, kept, ...span }: Span & Around): WaitView | undefined {
  const last = before.at(-1)?.step;
  const { station, side, peer, upstream } = exchange;
  if (last === 'station-call' && station !== undefined)
    return explained({ ...wait, because: wasAway(kept, span) ? 'station-away' : 'station-answer', of: station });
  if (station !== undefined && !before.some(({ step }) => step === 'station-call')) return whyNotCalled(wait, { station, kept, ...span });
  if (side === 'sent' || side === 'relayed') return explained({ ...wait, because: 'peer-result', of: upstream ?? peer });
  return undefined;
}

const wasAway = ({ states }: Around['kept'], { from, to }: Span): boolean =>
  states.some((it, n) => it.is === 'away' && it.from <= to && (states[n + 1]?.from ?? Number.POSITIVE_INFINITY) > from);

/** The action of the last call that was sent before `to` and was not answered at `from`. */
function callBefore(frames: readonly KeptFrame[], { from, to }: Span): string | undefined {
  const earlier = frames.filter((it) => it.at < to);
  const call = earlier.findLast((it) => it.direction === 'sent' && readFrame(it).type === 'call');
  if (!call) return undefined;
  const { id, action } = readFrame(call);
  const answer = frames.find((it) => it.direction === 'received' && it.seq > call.seq && readFrame(it).id === id);
  return answer && answer.at < from ? undefined : action;
}

const secondsText = (ms: number): string => `${ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000)} s`;

function explained(wait: Omit<WaitView, 'says'>): WaitView {
  const time = secondsText(wait.ms);
  const { of = '?', call } = wait;
  const says: Readonly<Record<WaitView['because'], string>> = {
    'station-away': `waited ${time} for ${of} to come back`,
    'earlier-call': `waited ${time} for ${of}'s earlier call (${call ?? '?'})`,
    'station-answer': `waited ${time} for the answer of ${of}`,
    'peer-answer': `waited ${time} for the answer of ${of}`,
    'peer-result': `waited ${time} for the result of ${of}`,
    node: `waited ${time} in this node`,
  };
  return { ...wait, says: says[wait.because] };
}
