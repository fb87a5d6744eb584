import { answerDeadline } from '../../src/roles/cpo/recover.ts';
import type { History, ReceivedResult, SentRequest, StationRecord, StoredRequest } from './history.ts';

/** Tolerance in ms for times that two processes recorded: network and scheduling delays. */
const SLACK = 500;
const FINAL: readonly string[] = ['DELIVERED', 'UNDELIVERED', 'DELIVERY_UNKNOWN', 'TIMED_OUT', 'CANCELLED'];

/**
 * Checks the records of the eMSP, of the charge points and of the store against the invariants I1 to I7 and I10 (requirements, invariants).
 * Returns one sentence for each violation.
 */
export function findViolations(history: History): string[] {
  return [
    ...history.sent.flatMap((request) => violationsOfAnswer(request, history)),
    ...history.received.flatMap((result) => violationsOfResult(result, history)),
    ...repeatedResults(history.received),
    ...history.stored.flatMap((row) => violationsOfEnd(row, history.received)),
    ...history.pushed.flatMap((push) => violationsOfPush(push, history)),
    ...history.stations.flatMap((station) => [
      ...wrongOrder(station, history.stored),
      ...overlappingCalls(station, history.stored),
      ...wrongInstalled(station, history.stored),
    ]),
  ];
}

const nameOf = (row: StoredRequest) => `${row.ask.kind} #${row.seq} (${row.state}${row.reason === undefined ? '' : `, ${row.reason}`})`;

/** I1: a request that was answered ACCEPTED was in the store before the answer; a refused one is not in the store. */
function violationsOfAnswer(request: SentRequest, { stored }: History): string[] {
  const row = stored.find((it) => it.responseUrl === request.responseUrl);
  if (request.answer === 'lost') return [];
  if (request.answer !== 'ACCEPTED') return row ? [`I1: ${request.kind} was answered ${request.answer}, but is in the store as ${nameOf(row)}`] : [];
  if (!row) return [`I1: ${request.kind} to ${request.responseUrl} was ACCEPTED, but is not in the store`];
  return row.acceptedAt > request.answeredAt + SLACK ? [`I1: ${nameOf(row)} was stored ${row.acceptedAt - request.answeredAt} ms after its answer`] : [];
}

/** I3 and I4: a result is posted only for an accepted request, to its own response_url, and not after its deadline. */
function violationsOfResult(result: ReceivedResult, { sent, stored }: History): string[] {
  const request = sent.find((it) => it.responseUrl === result.responseUrl);
  const row = stored.find((it) => it.responseUrl === result.responseUrl);
  if (!request || !row) return [`I3: a result was posted to ${result.responseUrl}, but the store has no request with it`];
  if (request.answer !== 'ACCEPTED' && request.answer !== 'lost') return [`I3: ${nameOf(row)} was answered ${request.answer}, but a result was posted`];
  const late = result.at - row.deadline;
  if (late > SLACK) return [`I4: the result of ${nameOf(row)} was posted ${late} ms after its deadline`];
  return row.result === result.result ? [] : [`I3: ${nameOf(row)} is ${row.result} in the store, but ${result.result} was posted`];
}

/** I2: at most one result is posted to each response_url. */
function repeatedResults(received: readonly ReceivedResult[]): string[] {
  const urls = received.map((it) => it.responseUrl);
  return [...new Set(urls.filter((url, n) => urls.indexOf(url) < n))].map((url) => `I2: ${url} received ${urls.filter((it) => it === url).length} results`);
}

/** I5: every request has one final state with a reason five seconds after its deadline at the latest, and the state agrees with the posted results. */
function violationsOfEnd(row: StoredRequest, received: readonly ReceivedResult[]): string[] {
  const posted = received.some((it) => it.responseUrl === row.responseUrl);
  if (!FINAL.includes(row.state)) return [`I5: ${nameOf(row)} has not ended`];
  if (row.endedAt === undefined) return [`I5: ${nameOf(row)} has no time of its end`];
  const late = row.endedAt - row.deadline - 5_000;
  return [
    ...(late > 0 ? [`I5: ${nameOf(row)} ended ${late} ms too late`] : []),
    ...(row.reason === undefined ? [`I5: ${nameOf(row)} has no reason`] : []),
    ...(row.state === 'DELIVERED' && !posted ? [`I5: no result of ${nameOf(row)} was posted`] : []),
    ...(row.state === 'TIMED_OUT' && posted ? [`I5: a result of ${nameOf(row)} was posted`] : []),
  ];
}

/** I6, CP-20: the active profile is pushed only after a set that the EVSE accepted. */
function violationsOfPush(push: History['pushed'][number], { stored }: History): string[] {
  const sets = stored.filter(
    (it) => it.ask.kind === 'set' && it.session.endsWith(push.session.toUpperCase()) && it.sentAt !== undefined && it.sentAt <= push.at,
  );
  const accepted = sets.some((it) => it.result === 'ACCEPTED' || it.reason?.endsWith('then ACCEPTED'));
  return accepted ? [] : [`I6: the active profile of ${push.session} was pushed before a set was accepted`];
}

/** An OCPP call of the node for one of the requests. */
interface Call {
  at: number;
  id: string;
  row: StoredRequest;
}
function callsTo({ frames }: StationRecord, stored: readonly StoredRequest[]): Call[] {
  return frames.flatMap(({ at, from, frame }) => {
    if (from !== 'node' || !Array.isArray(frame) || frame[0] !== 2) return [];
    const id = String(frame[1]);
    const row = stored.find((it) => it.messageId === id || it.earlierMessageId === id);
    return row ? [{ at, id, row }] : [];
  });
}

/** I10: within a session no older request is sent after a newer one, and no request more than twice. */
function wrongOrder(station: StationRecord, stored: readonly StoredRequest[]): string[] {
  const newest = new Map<string, StoredRequest>();
  const counts = new Map<StoredRequest, number>();
  const found: string[] = [];
  for (const { row } of callsTo(station, stored)) {
    const before = newest.get(row.session);
    if (before && before.seq > row.seq) found.push(`I10: ${station.id} got ${nameOf(row)} after ${nameOf(before)}`);
    else newest.set(row.session, row);
    counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  return [...found, ...[...counts].filter(([, n]) => n > 2).map(([row, n]) => `I10: ${station.id} got ${nameOf(row)} ${n} times`)];
}

/** I10: a call is sent only after the previous one was answered, timed out, or was lost with its connection. */
function overlappingCalls(station: StationRecord, stored: readonly StoredRequest[]): string[] {
  const calls = callsTo(station, stored);
  const answers = new Map<string, number>();
  for (const { at, from, frame } of station.frames)
    if (from === 'station' && Array.isArray(frame) && (frame[0] === 3 || frame[0] === 4) && !answers.has(String(frame[1]))) answers.set(String(frame[1]), at);
  return calls.slice(1).flatMap((call, n) => {
    const before = calls[n];
    if (!before || (answers.get(before.id) ?? Number.POSITIVE_INFINITY) <= call.at) return [];
    const reconnected = station.connections.some(({ at }) => at >= before.at && at <= call.at + 50);
    const timedOut = call.at >= answerDeadline(before.row.deadline, before.row.timeout) - SLACK;
    return reconnected || timedOut ? [] : [`I10: ${station.id} got ${nameOf(call.row)} while ${nameOf(before.row)} was in flight`];
  });
}

/** I7: the charge point has the newest accepted profile, unless a later request without a known result may have changed it. */
function wrongInstalled(station: StationRecord, stored: readonly StoredRequest[]): string[] {
  const sessions = new Set(stored.filter((it) => it.station === station.id).map((it) => it.session));
  return [...sessions].flatMap((session) => {
    const changes = stored.filter((it) => it.session === session && it.ask.kind !== 'get').sort((a, b) => b.seq - a.seq);
    const newest = changes.findIndex((it) => it.result === 'ACCEPTED' || (it.ask.kind === 'clear' && it.result === 'UNKNOWN'));
    const last = changes[newest];
    const mayHaveChanged = changes.slice(0, newest < 0 ? undefined : newest).some(mayHaveBeenApplied);
    if (!last || mayHaveChanged) return [];
    const limits = station.installed.filter((it) => it.purpose === 'tx').map((it) => it.schedule.periods[0]?.limit);
    const expected = last.ask.kind === 'set' ? [last.ask.profile.periods[0]?.limit] : [];
    return JSON.stringify(limits) === JSON.stringify(expected)
      ? []
      : [`I7: ${station.id} has ${JSON.stringify(limits)} installed, but ${nameOf(last)} sets ${JSON.stringify(expected)}`];
  });
}

/** Whether the charge point may have applied a request that has no valid answer, or none to its first call. */
const mayHaveBeenApplied = ({ state, result, reason = '', messageId, earlierMessageId }: StoredRequest): boolean =>
  messageId !== undefined && (state === 'TIMED_OUT' || (result === 'REJECTED' && (earlierMessageId !== undefined || reason.startsWith('cp: malformed'))));
