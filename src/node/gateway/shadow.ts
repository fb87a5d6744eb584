import { phasesOf } from '../../domain/evse.ts';
import type { Ask } from '../../domain/exchange.ts';
import { type ExchangeId, fold, type PartyKey, type SessionKey, type StationId } from '../../domain/ids.ts';
import type { Order } from '../../domain/site/event.ts';
import type { Reading, TransactionEvent } from '../../domain/station.ts';
import { type EpochMillis, toSeconds } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import type { StationRequest } from '../../ocpp/station.ts';
import { OPERATOR } from '../../roles/cpo/check-profile-request.ts';
import { runningAt, type StoredSession, sessionByKey } from '../../store/sql/session.ts';
import { addShadow, addShadowDay, type ShadowEntry } from '../../store/sql/shadow.ts';
import type { ConfiguredEvse, EvseDirectory } from '../config/evse-directory.ts';
import { csmsOf } from '../config/gateway-mistakes.ts';
import type { Context } from '../core/context.ts';
import type { SiteShadow } from '../sites/site-balance.ts';
import { ShadowFigures, type ShadowSubject } from './shadow-figures.ts';
import { ShadowProfiles } from './shadow-profiles.ts';
import { ShadowSite } from './shadow-site.ts';

/** The exchange of a request that was not sent. */
export interface NotSent {
  id: ExchangeId;
  session: SessionKey;
  party: PartyKey;
  ask: Ask;
}

/** A running transaction, and what it draws. */
interface Drawing {
  evse: ConfiguredEvse;
  transactionId: string;
  watts: number | undefined;
  /** By the steady clock. */
  measuredAt: EpochMillis;
}

/** A measured power counts for this time. */
const FRESH_MS = 15 * 60_000;
/** The longest time that one sample stands for. */
const LONGEST_S = 300;
/** Of the limits that a site would order for one EVSE, one in this time is recorded; all are counted. */
const RECORD_EVERY_MS = 60_000;

/**
 * Records what the node would have sent to charge points that it only observes (`upstream.mode: observe`), and by how much it would have
 * lowered what was measured.
 */
export class Shadow {
  readonly #context: Context;
  readonly #evses: EvseDirectory;
  readonly #sites = new Map<string, ShadowSite>();
  readonly #profiles = new ShadowProfiles();
  readonly #figures = new ShadowFigures();
  /** By the folded uid of the EVSE. */
  readonly #drawing = new Map<string, Drawing>();
  /** When a limit of a site was recorded last, by EVSE, and that limit. */
  readonly #recorded = new Map<string, EpochMillis>();
  #observed: { of: unknown; stations: ReadonlySet<string> } | undefined;
  #sampledAt: EpochMillis;

  constructor(context: Context, evses: EvseDirectory) {
    this.#context = context;
    this.#evses = evses;
    this.#sampledAt = context.clock.steady();
    const { metrics } = context;
    metrics.keep('profiles that were not sent', () => this.#profiles.size);
    metrics.keep('figures of the shadow to store', () => this.#figures.size);
    metrics.keep('transactions in the shadow', () => this.#drawing.size + this.#recorded.size);
  }

  /** The charge points that are observed now, by the configuration. */
  get observed(): ReadonlySet<string> {
    const { config } = this.#context;
    if (this.#observed?.of !== config.charge_points) {
      const stations = config.charge_points.filter((point) => csmsOf(config, point)?.mode === 'observe').map(({ id }) => id);
      this.#observed = { of: config.charge_points, stations: new Set(stations) };
    }
    return this.#observed.stations;
  }

  /** Whether the node only observes an EVSE. */
  isObserved(evseUid: string): boolean {
    if (this.observed.size === 0) return false;
    const found = this.#evses.byUid(evseUid);
    return found !== undefined && this.observed.has(found.station);
  }

  /** The shadow of a site whose balance begins. */
  ofSite(name: string): SiteShadow {
    const { clock, reportError } = this.#context;
    const site = new ShadowSite({ clock, reportError, ordered: (order) => this.#ordered(name, order) });
    this.#sites.set(name, site);
    return site;
  }

  /** A request about a session was accepted and not sent. */
  notSent(exchange: NotSent, request: StationRequest): void {
    const found = 'evse' in request ? this.#evses.byUid(request.evse.uid) : undefined;
    if (!found) return;
    this.#figures.count(this.#subjectOf(found), exchange.ask.kind, this.#context.clock.now());
    this.#context.work.start(`shadow of ${exchange.id}`, () => this.#recordRequest(exchange, request, found));
  }

  /** The node has refused a request at once. */
  refused(station: StationId | undefined): void {
    if (station === undefined || !this.observed.has(station)) return;
    const [evse] = this.#evses.ofStation(station);
    if (evse) this.#figures.count(this.#subjectOf(evse), 'refused', this.#context.clock.now());
  }

  /** A transaction at any charge point: what it draws counts for its site. */
  transaction(station: StationId, event: TransactionEvent): void {
    if (this.observed.size === 0) return;
    const { transactionId } = event;
    const known = this.#evses.ofStation(station).find((it) => this.#drawing.get(fold(it.evse.uid))?.transactionId === transactionId);
    if (event.kind === 'transaction-ended') {
      this.#profiles.end(station, transactionId);
      if (!known) return;
      this.#drawing.delete(fold(known.evse.uid));
      this.#tellSite(known);
      return;
    }
    const evse = (event.evseId === undefined ? undefined : this.#evses.atEvse(station, event.evseId)) ?? known ?? onlyOne(this.#evses.ofStation(station));
    if (!evse) return;
    const before = known && this.#drawing.get(fold(known.evse.uid));
    const watts = event.readings.map((it) => wattsIn(it, evse)).findLast((it) => it !== undefined);
    const now = this.#context.clock.steady();
    const measured = watts === undefined ? { watts: before?.watts, measuredAt: before?.measuredAt ?? now } : { watts, measuredAt: now };
    this.#drawing.set(fold(evse.evse.uid), { evse, transactionId, ...measured });
  }

  /** Adds what was measured since the last call to the figures, and stores them. To be called every minute. */
  async sample(): Promise<void> {
    const { clock } = this.#context;
    const [now, steady] = [clock.now(), clock.steady()];
    const seconds = Math.min(LONGEST_S, (steady - this.#sampledAt) / 1_000);
    this.#sampledAt = steady;
    if (this.observed.size > 0) this.#measure(now, seconds);
    await this.store();
  }

  /** Stores the figures since the last call. */
  async store(): Promise<void> {
    const { store } = this.#context;
    const days = this.#figures.take();
    if (days.length === 0) return;
    await store.commit(days.map(addShadowDay)).catch((error) => {
      this.#figures.giveBack(days);
      throw error;
    });
  }

  #measure(now: EpochMillis, seconds: number): void {
    const byStation = new Map<string, { of: ConfiguredEvse; lowered: number }>();
    for (const { evse } of this.#drawing.values()) {
      const watts = this.#wattsAt(evse.evse.uid);
      if (watts === undefined || !this.observed.has(evse.station)) continue;
      const limit = this.#limitAt(evse, now);
      const lowered = limit === undefined ? 0 : Math.max(0, watts - limit);
      byStation.set(evse.station, { of: evse, lowered: lowered + (byStation.get(evse.station)?.lowered ?? 0) });
    }
    for (const { of, lowered } of byStation.values()) this.#figures.addLowered(this.#subjectOf(of), { lowered, seconds }, now);
    for (const [site, it] of this.#sites) {
      const excess = it.excess((uid) => this.#wattsAt(uid));
      if (excess) this.#figures.addSite({ kind: 'site', name: site, site }, { ...excess, seconds }, now);
    }
  }

  #ordered(site: string, { evse: uid, current, power }: Order): void {
    const { clock, work } = this.#context;
    const found = this.#evses.byUid(uid);
    if (!found) return;
    const [now, steady] = [clock.now(), clock.steady()];
    this.#figures.count(this.#subjectOf(found), 'site-limit', now);
    const last = this.#recorded.get(fold(uid));
    if (last !== undefined && steady - last < RECORD_EVERY_MS) return;
    this.#recorded.set(fold(uid), steady);
    work.start(`shadow of ${uid}`, async () => {
      const running = await this.#context.store.all(runningAt<{ start_date_time: string }, unknown>(found.station));
      const session = running.find(({ status, evseUid }) => status === 'ACTIVE' && evseUid === found.evse.uid);
      await this.#record(found, { kind: 'site-limit', session: session?.key, party: undefined, site, exchange: undefined, asked: { a: current, w: power } });
    });
  }

  async #recordRequest({ id, session: key, party, ask }: NotSent, request: StationRequest, found: ConfiguredEvse): Promise<void> {
    const session = await this.#context.store.first(sessionByKey<{ start_date_time: string }, unknown>(key));
    if (session) this.#take(session, { party, ask, found });
    const asked = 'profile' in request ? { profile: request.profile } : ask.kind === 'get' ? { duration: ask.duration } : {};
    await this.#record(found, { kind: ask.kind, session: key, party, site: undefined, exchange: id, asked });
  }

  /** What would hold for the session from now on. */
  #take(
    { key, body, transactionId }: StoredSession<{ start_date_time: string }, unknown>,
    { party, ask, found }: { party: PartyKey; ask: Ask; found: ConfiguredEvse },
  ): void {
    const startedAt = dateTimeSeconds(body.start_date_time);
    if (ask.kind === 'get' || transactionId === undefined || startedAt === undefined) return;
    const isForAll = party === OPERATOR && !ask.keepsOthers;
    if (ask.kind === 'clear' || isForAll) this.#profiles.clear(key, isForAll ? undefined : party);
    if (ask.kind === 'set') this.#profiles.set(key, party, { station: found.station, transactionId, evse: found.evse, startedAt, profile: ask.profile });
    this.#tellSite(found);
  }

  /** The shadow of the site counts with the profile that would hold. */
  #tellSite({ evse }: ConfiguredEvse): void {
    const held = this.#profiles.at(evse.uid);
    const at = toSeconds(this.#context.clock.now());
    for (const site of this.#sitesOf(evse.uid))
      this.#sites.get(site)?.add({ kind: 'profile-changed', evse: evse.uid, ...(held && { profile: held.profile }), chargingStarted: held?.startedAt ?? at });
  }

  #record(found: ConfiguredEvse, fields: Omit<ShadowEntry, 'at' | 'station' | 'evse' | 'limit' | 'metered'>): Promise<unknown> {
    const now = this.#context.clock.now();
    const { station, evse } = found;
    const entry = { ...fields, at: now, station, evse: evse.uid, limit: this.#limitAt(found, now), metered: this.#wattsAt(evse.uid) };
    return this.#context.store.commit([addShadow(entry)]);
  }

  /** The lower of the limits of site and profiles that would hold, in W over all phases. */
  #limitAt({ evse }: ConfiguredEvse, now: EpochMillis): number | undefined {
    const site = this.#sitesOf(evse.uid).map((name) => this.#sites.get(name)?.wattsAt(evse.uid));
    const limits = [...site, this.#profiles.wattsAt(evse, toSeconds(now))].filter((it) => it !== undefined);
    return limits.length === 0 ? undefined : Math.min(...limits);
  }

  #sitesOf(uid: string): readonly string[] {
    return [...this.#sites].filter(([, site]) => site.has(uid)).map(([name]) => name);
  }

  /** What an EVSE draws now, in W; undefined: not known. */
  #wattsAt(uid: string): number | undefined {
    const known = this.#drawing.get(fold(uid));
    return known && this.#context.clock.steady() - known.measuredAt <= FRESH_MS ? known.watts : undefined;
  }

  #subjectOf({ station, evse }: ConfiguredEvse): ShadowSubject {
    return { kind: 'station', name: station, site: this.#sitesOf(evse.uid)[0] ?? '' };
  }
}

const onlyOne = ([one, ...others]: readonly ConfiguredEvse[]): ConfiguredEvse | undefined => (others.length === 0 ? one : undefined);

/** The power of a reading in W over all phases; from the current where it states no power. */
function wattsIn({ power, current, currentSum }: Reading, { evse }: ConfiguredEvse): number | undefined {
  if (power !== undefined || evse.powerType === 'DC') return power;
  if (currentSum !== undefined) return currentSum * evse.maxVoltage;
  return current === undefined ? undefined : current * evse.maxVoltage * phasesOf(evse.powerType);
}
