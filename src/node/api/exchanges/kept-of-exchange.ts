import { type EpochMillis, epochMillis } from '../../../domain/units.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import type { StoredExchange } from '../../../store/sql/exchange.ts';
import type { KeptPeerMessage } from '../../core/peer-messages.ts';
import type { KeptFrame } from '../../core/station-messages.ts';
import type { StationState } from '../../core/station-states.ts';
import { contentOf, readFrame } from '../stations/read-frame.ts';
import type { MessageView, WireView } from './schemas.ts';

/** A message of an exchange before its times are written. */
export type Draft = Omit<MessageView, 'at' | 'after_ms' | 'wait' | 'rebuilt'> & { at: EpochMillis | undefined };

/** What is kept in memory about the charge point and the peers of an exchange. */
export interface KeptOfExchange {
  /** Messages of its charge point, oldest first. */
  frames: readonly KeptFrame[];
  states: readonly StationState[];
  /** Messages of its peers. */
  peerMessages: readonly KeptPeerMessage[];
  /** The hash of the response_url that its result is posted to, when that is a URL of this node. */
  resultHash: string | undefined;
}

/** The message with the OCPI message that passed, if that is kept. */
export function withPeerMessage(draft: Draft, exchange: StoredExchange, { peerMessages, resultHash }: KeptOfExchange): Draft {
  const isSent = ({ exchange: of, method }: KeptPeerMessage, isPost: boolean) => of === exchange.id && (method === 'POST') === isPost;
  const received = () => peerMessages.find((it) => it.direction === 'received' && it.requestId === exchange.requestId);
  const sent = () => peerMessages.find((it) => isSent(it, false));
  const own = exchange.side === 'sent' ? sent : received;
  switch (draft.step) {
    case 'request':
      return draft.protocol === 'OCPI' ? withWire(draft, asRequest(own())) : draft;
    case 'answer':
      return withWire(draft, asAnswer(own()));
    case 'relayed-request':
      return withWire(draft, asRequest(sent()));
    case 'relayed-answer':
      return withWire(draft, asAnswer(sent()));
    case 'result':
      return withWire(draft, asRoundTrip(resultHash === undefined ? undefined : peerMessages.find((it) => it.resultHash === resultHash)));
    case 'delivery':
      return withWire(draft, asRoundTrip(peerMessages.find((it) => isSent(it, true))));
    default:
      return draft;
  }
}

/** A request is shown at the moment of its acceptance, from which the times of the others count. */
function withWire(draft: Draft, found: { at: EpochMillis; wire: WireView } | undefined): Draft {
  if (!found) return draft;
  return { ...draft, wire: found.wire, at: draft.step === 'request' ? draft.at : found.at };
}

const headOf = ({ method, url, requestId, correlationId }: KeptPeerMessage) => ({ method, url, request_id: requestId, correlation_id: correlationId });
const bodyOf = (text: string) => (text === '' ? {} : { body: contentOf(text) });

const asRequest = (it: KeptPeerMessage | undefined) => it && { at: it.at, wire: { at: printDateTime(it.at), ...headOf(it), ...bodyOf(it.body) } };
const asAnswer = (it: KeptPeerMessage | undefined) =>
  it && { at: it.answeredAt, wire: { at: printDateTime(it.answeredAt), ...(it.status !== undefined && { status: it.status }), ...bodyOf(it.answer) } };
const asRoundTrip = (it: KeptPeerMessage | undefined) => {
  const request = asRequest(it);
  const answer = asAnswer(it);
  return request && answer && { ...request, wire: { ...request.wire, answer: answer.wire } };
};

/** The messages with the OCPP frames that passed, if they are kept: calls before a broken connection and second attempts too. */
export function withFrames(
  drafts: readonly Draft[],
  { messageId, earlierMessageId }: StoredExchange,
  { frames, answeredAt }: { frames: readonly KeptFrame[]; answeredAt: EpochMillis | undefined },
): readonly Draft[] {
  const call = drafts.find(({ step }) => step === 'station-call');
  const answer = drafts.find(({ step }) => step === 'station-answer');
  if (!call) return drafts;
  const passed = [earlierMessageId, messageId].flatMap((id) => (id === undefined ? [] : attemptsOf(id, frames, answeredAt)));
  if (passed.length === 0) return drafts;
  const last = passed.findLastIndex(({ direction }) => direction === 'received');
  const shown = passed.map((frame, n) => asMessage(frame, { call, answer: answer ?? { ...call, from: call.to, to: call.from }, isLast: n === last }));
  const hasAnswer = last >= 0;
  return drafts.flatMap((it) => (it === call ? shown : it === answer && hasAnswer ? [] : [it]));
}

/** The frames of one call with its answer, and of a second attempt: the next call of the node, which keeps the turn of the first. */
function attemptsOf(id: string, frames: readonly KeptFrame[], answeredAt: EpochMillis | undefined): readonly KeptFrame[] {
  const begin = frames.findIndex((it) => it.direction === 'sent' && isOf(it, id));
  const call = frames[begin];
  if (!call) return [];
  const rest = frames.slice(begin + 1);
  const end = rest.findIndex((it) => it.direction === 'received' && isOf(it, id));
  const answer = rest[end];
  if (!answer) return [call];
  const next = rest.slice(end + 1).find((it) => it.direction === 'sent' && readFrame(it).type === 'call');
  const nextId = next && readFrame(next).action === readFrame(call).action && next.at <= (answeredAt ?? 0) ? readFrame(next).id : undefined;
  return [call, answer, ...(nextId === undefined ? [] : attemptsOf(nextId, rest.slice(end + 1), undefined))];
}

function isOf(frame: KeptFrame, id: string): boolean {
  const { type, id: found } = readFrame(frame);
  return found === id && (frame.direction === 'sent' ? type === 'call' : type === 'result' || type === 'error');
}

function asMessage(frame: KeptFrame, { call, answer, isLast }: { call: Draft; answer: Draft; isLast: boolean }): Draft {
  const { status, action, content } = readFrame(frame);
  const wire = { at: printDateTime(frame.at), body: content, ...(frame.whole !== undefined && { cut: frame.whole }) };
  if (frame.direction === 'sent') return { ...call, name: action ?? call.name, at: epochMillis(frame.at), wire };
  const word = isLast ? (answer.step === 'station-answer' ? answer.word : status) : status;
  return { step: 'station-answer', from: call.to, to: call.from, protocol: 'OCPP', name: call.name, at: frame.at, wire, ...(word !== undefined && { word }) };
}
