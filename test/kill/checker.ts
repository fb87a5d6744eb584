import { answerDeadline } from '../../src/roles/cpo/recover.ts';
import type { History, ReceivedResult, SentRequest, StationRecord, StoredRequest } from './history.ts';

/** What the machine may add to a moment that two processes wrote down: the way over loopback, a busy core. */
const SLACK = 500;
const FINAL: readonly string[] = ['DELIVERED', 'UNDELIVERED', 'DELIVERY_UNKNOWN', 'TIMED_OUT', 'CANCELLED'];

/**
 * Holds what an eMSP saw, what charge points saw and what the store kept against the invariants of the asynchronous flow
 * (I1 to I7 and I10). Gives one sentence for each breach; none means that the run was sound.
 */
export function findViolations(history: History): string[] {
  return [
    ...history.sent.flatMap((asked) => promised(asked, history)),
    ...history.received.flatMap((heard) => owed(heard, history)),
    ...twice(history.received),
    ...history.stored.flatMap((kept) => ended(kept, history.received)),
    ...history.pushed.flatMap((push) => entitled(push, history)),
    ...history.stations.flatMap((station) => [
      ...inOrder(station, history.stored),
      ...oneAtATime(station, history.stored),
      ...installedLast(station, history.stored),
    ]),
  ];
}

const named = (kept: StoredRequest) => `${kept.ask.kind} #${kept.seq} (${kept.state}${kept.reason === undefined ? '' : `, ${kept.reason}`})`;

/** I1: what was ACCEPTED is in the store, and was there before the word left. What was refused is not. */
function promised(asked: SentRequest, { stored }: History): string[] {
  const row = stored.find((it) => it.responseUrl === asked.responseUrl);
  if (asked.answer === 'lost') return [];
  if (asked.answer !== 'ACCEPTED') return row ? [`I1: ${asked.kind} was answered ${asked.answer}, and yet stands in the store as ${named(row)}`] : [];
  if (!row) return [`I1: ${asked.kind} to ${asked.responseUrl} was ACCEPTED and is nowhere in the store`];
  return row.acceptedAt > asked.answeredAt + SLACK ? [`I1: ${named(row)} was kept ${row.acceptedAt - asked.answeredAt} ms after its answer`] : [];
}

/** I3 and I4: a result comes only for what was accepted, to its own address, and not after its deadline. */
function owed(heard: ReceivedResult, { sent, stored }: History): string[] {
  const question = sent.find((it) => it.responseUrl === heard.responseUrl);
  const row = stored.find((it) => it.responseUrl === heard.responseUrl);
  if (!question || !row) return [`I3: a result came to ${heard.responseUrl}, for which nothing stands in the store`];
  if (question.answer !== 'ACCEPTED' && question.answer !== 'lost') return [`I3: ${named(row)} was answered ${question.answer}, and a result came`];
  const late = heard.at - row.deadline;
  if (late > SLACK) return [`I4: the result of ${named(row)} came ${late} ms after its deadline`];
  return row.result === heard.result ? [] : [`I3: ${named(row)} is kept as ${row.result}, and ${heard.result} was told`];
}

/** I2. */
function twice(heard: readonly ReceivedResult[]): string[] {
  const urls = heard.map((it) => it.responseUrl);
  return [...new Set(urls.filter((url, n) => urls.indexOf(url) < n))].map((url) => `I2: ${url} heard ${urls.filter((it) => it === url).length} results`);
}

/** I5: one final state with its reason by five seconds after the deadline, which agrees with what was heard. */
function ended(row: StoredRequest, heard: readonly ReceivedResult[]): string[] {
  const told = heard.some((it) => it.responseUrl === row.responseUrl);
  if (!FINAL.includes(row.state)) return [`I5: ${named(row)} never ended`];
  if (row.endedAt === undefined) return [`I5: ${named(row)} has no moment of its end`];
  const late = row.endedAt - row.deadline - 5_000;
  return [
    ...(late > 0 ? [`I5: ${named(row)} ended ${late} ms too late`] : []),
    ...(row.reason === undefined ? [`I5: ${named(row)} has no reason`] : []),
    ...(row.state === 'DELIVERED' && !told ? [`I5: nothing was heard of ${named(row)}`] : []),
    ...(row.state === 'TIMED_OUT' && told ? [`I5: a result was heard of ${named(row)}`] : []),
  ];
}

/** I6, CP-20: news of the active profile only after a set that the EVSE accepted. */
function entitled(push: History['pushed'][number], { stored }: History): string[] {
  const sets = stored.filter(
    (it) => it.ask.kind === 'set' && it.session.endsWith(push.session.toUpperCase()) && it.sentAt !== undefined && it.sentAt <= push.at,
  );
  const accepted = sets.some((it) => it.result === 'ACCEPTED' || it.reason?.endsWith('then ACCEPTED'));
  return accepted ? [] : [`I6: the active profile of ${push.session} was pushed before any set of it was accepted`];
}

/** A call of the node that carried one of the exchanges. */
interface Call {
  at: number;
  id: string;
  row: StoredRequest;
}
function callsTo({ frames }: StationRecord, kept: readonly StoredRequest[]): Call[] {
  return frames.flatMap(({ at, from, frame }) => {
    if (from !== 'node' || !Array.isArray(frame) || frame[0] !== 2) return [];
    const id = String(frame[1]);
    const row = kept.find((it) => it.messageId === id || it.earlierMessageId === id);
    return row ? [{ at, id, row }] : [];
  });
}

/** I10: of one session nothing older follows what is newer, and nothing is sent more than twice. */
function inOrder(station: StationRecord, kept: readonly StoredRequest[]): string[] {
  const newest = new Map<string, StoredRequest>();
  const counts = new Map<StoredRequest, number>();
  const found: string[] = [];
  for (const { row } of callsTo(station, kept)) {
    const before = newest.get(row.session);
    if (before && before.seq > row.seq) found.push(`I10: ${station.id} got ${named(row)} after ${named(before)}`);
    else newest.set(row.session, row);
    counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  return [...found, ...[...counts].filter(([, n]) => n > 2).map(([row, n]) => `I10: ${station.id} got ${named(row)} ${n} times`)];
}

/** I10: one call at a time: the next goes when the last is answered, given up, or lost with its connection. */
function oneAtATime(station: StationRecord, kept: readonly StoredRequest[]): string[] {
  const calls = callsTo(station, kept);
  const answers = new Map<string, number>();
  for (const { at, from, frame } of station.frames)
    if (from === 'station' && Array.isArray(frame) && (frame[0] === 3 || frame[0] === 4) && !answers.has(String(frame[1]))) answers.set(String(frame[1]), at);
  return calls.slice(1).flatMap((call, n) => {
    const before = calls[n];
    if (!before || (answers.get(before.id) ?? Number.POSITIVE_INFINITY) <= call.at) return [];
    const broke = station.connections.some(({ at }) => at >= before.at && at <= call.at + 50);
    const givenUp = call.at >= answerDeadline(before.row.deadline, before.row.timeout) - SLACK;
    return broke || givenUp ? [] : [`I10: ${station.id} got ${named(call.row)} while ${named(before.row)} was in flight`];
  });
}

/** I7: the charge point holds the newest profile that was accepted, unless a later request may have changed it unheard. */
function installedLast(station: StationRecord, kept: readonly StoredRequest[]): string[] {
  const sessions = new Set(kept.filter((it) => it.station === station.id).map((it) => it.session));
  return [...sessions].flatMap((session) => {
    const changes = kept.filter((it) => it.session === session && it.ask.kind !== 'get').sort((a, b) => b.seq - a.seq);
    const newest = changes.findIndex((it) => it.result === 'ACCEPTED' || (it.ask.kind === 'clear' && it.result === 'UNKNOWN'));
    const last = changes[newest];
    const unheard = changes.slice(0, newest < 0 ? undefined : newest).some(mayHaveBeenTaken);
    if (!last || unheard) return [];
    const limits = station.installed.filter((it) => it.purpose === 'tx').map((it) => it.schedule.periods[0]?.limit);
    const wanted = last.ask.kind === 'set' ? [last.ask.profile.periods[0]?.limit] : [];
    return JSON.stringify(limits) === JSON.stringify(wanted)
      ? []
      : [`I7: ${station.id} holds ${JSON.stringify(limits)} after ${named(last)} of ${JSON.stringify(wanted)}`];
  });
}

/** It was sent, and no lawful word came: not at all, or not of its first time. */
const mayHaveBeenTaken = ({ state, result, reason = '', messageId, earlierMessageId }: StoredRequest): boolean =>
  messageId !== undefined && (state === 'TIMED_OUT' || (result === 'REJECTED' && (earlierMessageId !== undefined || reason.startsWith('cp: malformed'))));
