import type { Evse } from '../../domain/evse.ts';
import type { SessionKey, StationId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { SmartChargingMode } from '../../domain/profile/csms-wish.ts';
import type { TransactionEvent } from '../../domain/station.ts';
import { type EpochSeconds, toSeconds } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import type { LimitRequest, SetRequest } from '../../ocpp/dialect.ts';
import { applyCsmsEvent, beginTransaction, endTransaction, isUncertain } from '../../ocpp/gateway/apply-csms-event.ts';
import { type CsmsProfile, type ObservedCall, readCsmsCall } from '../../ocpp/gateway/csms-profiles.ts';
import type { Station } from '../../ocpp/station.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { allCsmsProfiles, removeCsmsProfiles, saveCsmsProfiles } from '../../store/sql/csms-profile.ts';
import { runningAt, type StoredSession } from '../../store/sql/session.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import { expectedBeside, NOTHING_THERE, type OwnProfile, type StationProfiles } from './beside-csms.ts';
import { guardFor, sendAgain, setAgain } from './set-again.ts';
import { type BesideDependencies, stationBesideCsms } from './station-beside-csms.ts';

/** What the profiles of a CSMS need from other parts of the node. */
export interface CsmsProfilesDependencies {
  evses: EvseDirectory;
  /** The connection itself, not `beside`. */
  stationOf(id: StationId): Station | undefined;
  /** The active profile of the session may have changed. */
  reread(session: SessionKey): void;
}

/** A transaction at an EVSE. */
export interface AtTransaction {
  evse: Evse;
  transactionId: string | undefined;
}

/** What a CSMS has at the EVSE of a session, for the operator. `uncertain`: something was missed or could not be read. */
export interface CsmsInputs {
  mode: SmartChargingMode;
  profiles: readonly CsmsProfile[];
  uncertain: boolean;
}

/** Keeps the profiles that a CSMS set at stations behind this node, in memory and in the store, and places those of the node beside them. */
export class CsmsProfiles {
  readonly #context: Context;
  readonly #dependencies: CsmsProfilesDependencies;
  readonly #stations = new Map<StationId, StationProfiles>();
  readonly #listeners = new Set<(station: StationId) => void>();
  /** One event of a CSMS after another, for each station. */
  readonly #events = new SerialByKey<StationId>();
  /** One change of our profiles after another, for each station. */
  readonly #turns = new SerialByKey<StationId>();
  #modeOf: (station: StationId) => SmartChargingMode | undefined = () => undefined;

  constructor(context: Context, dependencies: CsmsProfilesDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    context.metrics.keep('charge points with profiles of a CSMS', () => this.#stations.size);
    context.metrics.keep('work in order', () => this.#events.size + this.#turns.size);
  }

  /** Sets how each station behind a CSMS is decided; undefined: the station has no CSMS, and everything is sent as without one. */
  decideBy(modeOf: (station: StationId) => SmartChargingMode | undefined): void {
    this.#modeOf = modeOf;
  }

  /** Reads what an earlier run of the node kept; drops what is of charge points that are not in the configuration any more. */
  async recover(): Promise<void> {
    const { store } = this.#context;
    for (const { station, body } of await store.all(allCsmsProfiles<StationProfiles>())) {
      if (this.#dependencies.evses.ofStation(station).length === 0) await store.commit([removeCsmsProfiles(station)]);
      else this.#stations.set(station, body);
    }
  }

  /** Called when the profiles at a station have changed: those of its CSMS, or ours. The returned function removes the listener. */
  onChanged(listener: (station: StationId) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A call of the CSMS, or PullDynamicScheduleUpdate of the station, passed with its answer. Resolves when what it changes is committed. */
  observed(station: StationId, call: ObservedCall): Promise<void> {
    const read = readCsmsCall(call);
    if (!read) return Promise.resolve();
    return this.#events.run(station, async () => {
      const before = this.#at(station);
      const { known, taken } = applyCsmsEvent(before.known, read, { ours: before.ours.filter((it) => !it.taken), now: this.#now() });
      if (known === before.known && taken.length === 0) return;
      const reasons = new Map(taken.map(({ ours, because }) => [ours, because]));
      const ours = before.ours.map((it) => ({ ...it, ...(reasons.has(it) && { taken: reasons.get(it) ?? 'cleared' }) }));
      const { profiles } = known;
      this.#context.journal.note({ step: 'csms-profiles-changed', station, action: call.action, profiles: profiles.length, ours_taken: taken.length });
      await this.#keep(station, { known, ours });
      this.#review(station);
    });
  }

  /** An event of a transaction: TxProfiles begin and end with it. */
  transaction(station: StationId, event: TransactionEvent): void {
    const before = this.#stations.get(station);
    if (!before) return;
    this.#context.work.start(`profiles of the CSMS at ${station}`, () => this.#events.run(station, () => this.#receive(station, event)));
  }

  async #receive(station: StationId, event: TransactionEvent): Promise<void> {
    const { known, ours } = this.#at(station);
    const { transactionId, evseId } = event;
    if (event.kind === 'transaction-ended') {
      const running = ours.filter((it) => it.transactionId !== transactionId);
      const left = endTransaction(known, { transactionId, evseId });
      if (left !== known || running.length < ours.length) await this.#keep(station, { known: left, ours: running });
      return;
    }
    const version = this.#dependencies.stationOf(station)?.version;
    if (evseId === undefined || evseId === 0 || version === undefined) return;
    const begun = beginTransaction(known, { version, evseId, transactionId, isStart: event.kind === 'transaction-started' });
    if (begun === known) return;
    await this.#keep(station, { known: begun, ours });
    this.#review(station);
  }

  /** The station as the rest of the node sees it: what is sent to it takes the profiles of its CSMS into account. */
  beside(station: Station): Station {
    const mode = this.#modeOf(station.id);
    return mode === undefined ? station : stationBesideCsms(station, this.#besideDependencies(station.id, mode));
  }

  #besideDependencies(id: StationId, mode: SmartChargingMode): BesideDependencies {
    return {
      mode,
      now: () => this.#now(),
      profiles: () => this.#at(id),
      chargingStarted: (request) => this.#chargingStarted(id, request),
      guardFor: (request) => guardFor(this.#at(id), { evseId: request.evse.evseId, session: (it) => this.#sessionAt(id, it) }),
      inTurn: (work) => this.#inTurn(id, work),
      sent: (own) => this.#keep(id, { ...this.#at(id), ours: [...this.#without(id, own), own] }),
      cleared: (own) => this.#keep(id, { ...this.#at(id), ours: this.#without(id, own) }),
    };
  }

  /** When the profiles of the CSMS change while a profile of ours is sent, ours is computed again after it. */
  #inTurn<T>(id: StationId, work: () => Promise<T>): Promise<T> {
    return this.#turns.run(id, async () => {
      const { known } = this.#at(id);
      const done = await work();
      if (this.#at(id).known !== known) this.#review(id);
      return done;
    });
  }

  #without = (id: StationId, { usualId }: OwnProfile) => this.#at(id).ours.filter((it) => it.usualId !== usualId);

  /** The station is connected: what could not be set again before is set again now. */
  stationIsBack(station: StationId): void {
    if (this.#stations.has(station)) this.#review(station);
  }

  /** Sets ours again where the CSMS took them away, or where what it wants has changed; then reads the active profiles. */
  #review(station: StationId): void {
    this.#context.work.start(`our profiles at ${station}`, async () => {
      const connection = this.#dependencies.stationOf(station);
      const mode = this.#modeOf(station);
      if (!connection || mode === undefined) return;
      const beside = this.beside(connection);
      const running = await this.#running(station);
      await this.#forgetEnded(station, running);
      const places = { profiles: () => this.#at(station), mode, abilities: connection.abilities(), now: () => this.#now() };
      await setAgain(this.#context, { station: beside, ...places, sessionOf: (own) => running.find((it) => it.transactionId === own.transactionId)?.key });
      const guards = new Set(this.#at(station).ours.flatMap(({ purpose, evseId }) => (purpose === 'tx-default' ? [evseId] : [])));
      for (const evseId of guards) {
        const guard = await guardFor(this.#at(station), { evseId, session: (it) => this.#sessionAt(station, it), onlyMissing: true });
        if (guard) await sendAgain(this.#context, { station: beside, request: guard, because: 'site-limit' });
      }
      for (const { key, status } of running) if (status === 'ACTIVE') this.#dependencies.reread(key);
    });
  }

  /** Drops profiles of ours whose transaction ended while this node was away. */
  async #forgetEnded(station: StationId, running: readonly { transactionId: string | undefined }[]): Promise<void> {
    const { known, ours } = this.#at(station);
    const left = ours.filter((it) => it.purpose !== 'tx' || running.some(({ transactionId }) => transactionId === it.transactionId));
    if (left.length < ours.length) await this.#keep(station, { known, ours: left });
  }

  /** Whether the limit of a site needs a profile of the transaction, because the CSMS has one there, or ours is there already. */
  isSteered({ station, transactionId }: { station: StationId | undefined; transactionId: string | undefined }, evse: Evse): boolean {
    if (station === undefined || transactionId === undefined || this.#modeOf(station) === undefined) return false;
    const { known, ours } = this.#at(station);
    const isHere = (it: Pick<CsmsProfile, 'purpose' | 'evseId' | 'transactionId' | 'awaitsStart'>) =>
      it.purpose === 'tx' && !it.awaitsStart && it.evseId === evse.evseId && (it.transactionId ?? transactionId) === transactionId;
    return known.profiles.some(isHere) || ours.some(isHere);
  }

  /** The profile that holds at a session, from that of the node and those of the CSMS; the same as given where there is no CSMS. */
  expected(station: StationId, profile: ChargingProfile | undefined, at: AtTransaction & { chargingStarted: EpochSeconds }): ChargingProfile | undefined {
    const mode = this.#modeOf(station);
    return mode === undefined ? profile : expectedBeside(this.#at(station), { ...at, mode, profile, now: this.#now() });
  }

  /** What the CSMS wants at a session, whoever decides; undefined: nothing, or the station has no CSMS. */
  wishAt(station: StationId, at: AtTransaction & { chargingStarted: EpochSeconds }): ChargingProfile | undefined {
    if (this.#modeOf(station) === undefined) return undefined;
    return expectedBeside(this.#at(station), { ...at, mode: 'csms', profile: undefined, now: this.#now() });
  }

  /** The profiles of the CSMS that apply at a transaction; undefined: the station has no CSMS. */
  inputsAt(station: StationId, { evse, transactionId }: AtTransaction): CsmsInputs | undefined {
    const mode = this.#modeOf(station);
    if (mode === undefined) return undefined;
    const { known } = this.#at(station);
    const applies = (it: CsmsProfile) =>
      !it.awaitsStart && (it.evseId === 0 || it.evseId === evse.evseId) && (it.purpose !== 'tx' || (it.transactionId ?? transactionId) === transactionId);
    return { mode, profiles: known.profiles.filter(applies), uncertain: isUncertain(known) };
  }

  #at(station: StationId): StationProfiles {
    return this.#stations.get(station) ?? NOTHING_THERE;
  }

  async #keep(station: StationId, next: StationProfiles): Promise<void> {
    const { known, ours } = next;
    const isEmpty = known.profiles.length === 0 && known.wanted.length === 0 && !known.missed && ours.length === 0;
    if (isEmpty) this.#stations.delete(station);
    else this.#stations.set(station, next);
    for (const listener of this.#listeners) listener(station);
    const { store, reportError } = this.#context;
    // The frames have passed, so a store that is away changes nothing for the station. The next change saves the whole list again.
    await store
      .commit([isEmpty ? removeCsmsProfiles(station) : saveCsmsProfiles(station, next)])
      .catch((error) => reportError(`profiles of the CSMS at ${station}`, error));
  }

  #now(): EpochSeconds {
    return toSeconds(this.#context.clock.now());
  }

  #running(station: StationId): Promise<readonly StoredSession<OwnSession, Progress>[]> {
    return this.#context.store.all(runningAt<OwnSession, Progress>(station));
  }

  /** For a request that is about to be sent: while the store is away its claim fails too, so that nothing is sent. */
  #runningOrNone(station: StationId): Promise<readonly StoredSession<OwnSession, Progress>[]> {
    return this.#running(station).catch((error) => {
      this.#context.reportError(`sessions at ${station}`, error);
      return [];
    });
  }

  async #chargingStarted(station: StationId, request: SetRequest | LimitRequest): Promise<EpochSeconds> {
    if (request.kind === 'limit-evse') return request.limit.start ?? this.#now();
    const session = (await this.#runningOrNone(station)).find((it) => it.transactionId === request.transactionId);
    return (session && dateTimeSeconds(session.body.start_date_time)) ?? this.#now();
  }

  async #sessionAt(station: StationId, evseId: number): Promise<StoredSession<OwnSession, Progress> | undefined> {
    const uid = this.#dependencies.evses.byEvseId(station, evseId)?.evse.uid;
    return (await this.#runningOrNone(station)).find(({ status, evseUid }) => status === 'ACTIVE' && evseUid === uid);
  }
}
