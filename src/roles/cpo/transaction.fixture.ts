import type { MeterSample } from '../../domain/meter-sample.ts';
import type { ConnectorStatus, Reading, TransactionEnded, TransactionReport, TransactionStarted } from '../../domain/station.ts';
import { type EpochMillis, epochMillis, wattHours } from '../../domain/units.ts';
import type { CdrToken } from './authorize-token.ts';
import { socket } from './profile-request.fixture.ts';
import type { TrackedSession } from './session.ts';
import { closeIfDue, followStatus, followTransaction, type KnownSession, mayGetOwner, needsRunning, type SessionStep, unmatchedEnd } from './transaction.ts';

/** The owner of every token but UNKNOWN. */
export const holder: CdrToken = { uid: 'DEADBEEF', type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: 'NL-MSP-C1' };
/** Minutes after the beginning of 2026. */
export const minute = (n: number): EpochMillis => epochMillis(Date.UTC(2026, 0, 1) + n * 60_000);
/** A moment as OCPI writes it. */
export const stamp = (n: number): string => new Date(minute(n)).toISOString();
/** A register in Wh. */
export const register = (n: number, energy: number, context?: Reading['context']): Reading => ({
  at: minute(n),
  energy: wattHours(energy),
  ...(context && { context }),
});

/** OCPP 2.x: a register in MeterValues, outside of the events of the transaction. */
export const meter20 = (n: number, energy: number, more: Partial<Reading> = {}): TransactionReport => ({
  kind: 'transaction-updated',
  ofEvse: true,
  evseId: 1,
  at: minute(n),
  readings: [{ ...register(n, energy), ...more }],
});

/** What a charge point reports, or a time at which the node looks for sessions to close. */
export type Said = TransactionReport | ConnectorStatus | { kind: 'look'; at: EpochMillis };

type Known = KnownSession;
const EVSES = [socket, { ...socket, uid: 'E2', evseId: 2, connectorId: 1 }];

/** A charge point with one or two EVSEs whose reports are followed; the sessions are kept as a store keeps them. */
export function followStation({ evses = 1 }: { evses?: 1 | 2 } = {}) {
  const sessions: Known[] = [];
  const samples: MeterSample[] = [];
  const evseAt = (evseId = 0) => EVSES.slice(0, evses).find((it) => it.evseId === evseId || (evseId === 0 && evses === 1));
  const running = () => sessions.filter(({ wire }) => wire.status !== 'COMPLETED' && wire.status !== 'INVALID');
  let now = minute(0);
  let unmatched: TransactionEnded | undefined;

  function take(steps: readonly SessionStep<Known>[]): void {
    for (const { before, after, transactionId } of steps) {
      const { samples: kept = [], ...state } = after;
      samples.push(...kept);
      const known: Known = { ...state, transactionId };
      const at = before ? sessions.indexOf(before) : -1;
      if (at < 0) sessions.push(known);
      else sessions[at] = known;
    }
  }

  function say(said: Said): void {
    now = epochMillis(Math.max(now, said.at));
    if (said.kind === 'look') take(running().flatMap((it) => closeIfDue(it, now) ?? []));
    else if (said.kind === 'status') take(followStatus(said, { running: running(), evseUid: evseAt(said.evseId)?.uid ?? '', now }));
    else report(said);
  }

  function report(said: TransactionReport): void {
    const named = said.transactionId === undefined ? undefined : sessions.find((it) => it.transactionId === said.transactionId);
    const token = mayGetOwner(said, named) && 'idToken' in said && said.idToken?.uid !== 'UNKNOWN' ? holder : undefined;
    const place = { countryCode: 'NL', partyId: 'EVK', currency: 'EUR', locationId: 'LOC1', evse: evseAt(said.evseId) };
    const known = { named, running: needsRunning(said, named) ? running() : [] };
    const facts = { ...known, place, isOnlyEvse: evses === 1, owner: { token }, unmatchedEnd: unmatched, id: `s${sessions.length + 1}`, now };
    const steps = followTransaction(said, facts);
    unmatched = unmatchedEnd(said, steps) ?? (said.kind === 'transaction-started' ? undefined : unmatched);
    take(steps);
  }

  return {
    say: (...all: readonly Said[]) => all.forEach(say),
    sessions: (): readonly TrackedSession[] => sessions,
    /** All samples that were kept. */
    samples: (): readonly MeterSample[] => samples,
    /** Each session in short: transaction, EVSE, status and energy. */
    list: () => sessions.map(({ transactionId, wire }) => `${transactionId} ${wire.evse_uid} ${wire.status} ${wire.kwh}`),
  };
}

const card = { uid: 'DEADBEEF', type: 'RFID' };
type TransactionUpdate = Extract<TransactionReport, { kind: 'transaction-updated' }>;
type Start = Partial<TransactionStarted>;

/** OCPP 1.6: the node gave the number, and the start states the register. */
export const start16 = (n: number, transactionId: string, { energy = 1_000, ...more }: Start & { energy?: number } = {}): TransactionStarted => ({
  kind: 'transaction-started',
  evseId: 1,
  transactionId,
  idToken: card,
  at: minute(n),
  charging: true,
  readings: energy < 0 ? [] : [register(n, energy, 'begin')],
  ...more,
});
/** OCPP 1.6 meter values; without an id, or with one that the node never gave. */
export const meter16 = (n: number, transactionId: string | undefined, energy: number): TransactionUpdate => ({
  kind: 'transaction-updated',
  evseId: 1,
  ...(transactionId !== undefined && { transactionId }),
  idsAreOurs: true,
  at: minute(n),
  readings: [register(n, energy)],
});
export const stop16 = (n: number, transactionId: string | undefined, energy: number): TransactionReport => ({
  kind: 'transaction-ended',
  ...(transactionId !== undefined && { transactionId }),
  idsAreOurs: true,
  at: minute(n),
  readings: [register(n, energy, 'end')],
});
export const available = (n: number, more: Partial<ConnectorStatus> = {}): ConnectorStatus => ({
  kind: 'status',
  evseId: 1,
  connectorId: 1,
  status: 'Available',
  at: minute(n),
  ...more,
});
export const look = (n: number): Said => ({ kind: 'look', at: minute(n) });

/** OCPP 2.x: the station gives the ids. */
export const start20 = (n: number, transactionId: string, more: Start = {}): TransactionStarted => ({
  ...start16(n, transactionId, { energy: -1 }),
  charging: false,
  ...more,
});
export const update20 = (
  n: number,
  transactionId: string,
  more: Partial<Extract<TransactionReport, { kind: 'transaction-updated' }>> = {},
): TransactionReport => ({
  kind: 'transaction-updated',
  transactionId,
  at: minute(n),
  readings: [],
  ...more,
});
export const end20 = (n: number, transactionId: string, readings: readonly Reading[] = []): TransactionReport => ({
  kind: 'transaction-ended',
  transactionId,
  at: minute(n),
  readings,
});
