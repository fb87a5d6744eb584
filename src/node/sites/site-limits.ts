import { fold, messageId, type SessionKey, type StationId } from '../../domain/ids.ts';
import type { ProfileType } from '../../domain/preferences.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { Order } from '../../domain/site/event.ts';
import type { Step } from '../../domain/site/hold.ts';
import type { LimitTree } from '../../domain/site/limit-tree.ts';
import type { StationAnswer, StationEvent } from '../../domain/station.ts';
import { later, seconds, toSeconds } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import type { Station, StationRequest } from '../../ocpp/station.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { inputsOf } from '../../store/sql/input.ts';
import { runningAt, type StoredSession, sessionByKey } from '../../store/sql/session.ts';
import type { EvseDirectory, EvsePlace } from '../config/evse-directory.ts';
import type { Site } from '../config/read-sites.ts';
import type { Context } from '../core/context.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import { type EvseLimit, limitAsProfile, unitOf } from './evse-limit.ts';
import { ImposedLimits } from './imposed-limits.ts';
import { lowestProfile } from './lowest-profile.ts';
import { SiteBalance } from './site-balance.ts';
import { SiteEvents } from './site-events.ts';

type Stored = StoredSession<OwnSession, Progress>;
type Transaction = Extract<StationEvent, { transactionId: string }>;

/** What the limits of sites work with. */
export interface SiteLimitsDependencies {
  stationOf(id: StationId): Station | undefined;
  /** What an EVSE may draw has changed: tell those who steer its session. */
  reread(session: SessionKey): void;
}

/** How long a station has to take a limit. */
const PATIENCE = seconds(20);
/** Shares under the rule by preference. */
const WEIGHTS: Readonly<Record<ProfileType, number>> = { FAST: 4, REGULAR: 1, CHEAP: 0.5, GREEN: 0.5 };
const OFFLINE: StationAnswer = { is: 'NOT_SENT', because: 'offline' };

/** Keeps all sites in balance: no limit of any cable is exceeded, whatever sessions are asked to draw. */
export class SiteLimits {
  readonly #context: Context;
  readonly #places: EvseDirectory;
  readonly #tools: SiteLimitsDependencies;
  readonly #events: SiteEvents;
  /** By the folded uids of their EVSEs. */
  readonly #balances = new Map<string, SiteBalance>();
  readonly #imposed: ImposedLimits;
  /** Where limits of each site are exceeded now: told once, not every second. */
  readonly #exceeded = new Map<string, readonly string[]>();
  /** What is sent to one EVSE at a time: a profile that meets a limit is never overtaken by another limit. */
  readonly #turns = new SerialByKey<string>();

  constructor(context: Context, { places, sites }: { places: EvseDirectory; sites: readonly Site[] }, tools: SiteLimitsDependencies) {
    this.#context = context;
    this.#places = places;
    this.#tools = tools;
    this.#events = new SiteEvents(places);
    const { clock, reportError } = context;
    const all = sites.map(
      (site) => new SiteBalance(site, { clock, reportError, send: (order) => this.#carry(order), onStep: (tree, step) => this.#note(tree, step) }),
    );
    for (const it of all) for (const uid of it.state.numbers.keys()) this.#balances.set(uid, it);
    this.#imposed = new ImposedLimits(context, all);
  }

  get imposed(): ImposedLimits {
    return this.#imposed;
  }

  balances(): readonly SiteBalance[] {
    return [...new Set(this.#balances.values())];
  }

  /** The limit that a profile of a session must stay below; undefined where the station as a whole is limited, or nothing is. */
  limitFor(evseUid: string): EvseLimit | undefined {
    const place = this.#places.byUid(evseUid);
    return place && !this.#isAlone(place) ? this.#balances.get(fold(evseUid))?.limitOf(evseUid) : undefined;
  }

  /** What the site leaves to an EVSE from now on, as its station confirmed it; `moves`: another limit is on its way. */
  confirmedLimit(evseUid: string): { profile: ChargingProfile | undefined; moves: boolean } {
    const place = this.#places.byUid(evseUid);
    const known = this.#balances.get(fold(evseUid))?.confirmedOf(evseUid);
    if (!place || !known) return { profile: undefined, moves: false };
    const { limit, moves } = known;
    return { profile: limit && limitAsProfile(limit, unitOf(place.evse), place.evse), moves };
  }

  /** The same in W; undefined: no site limits it, or nothing is confirmed yet. */
  wattsAt(evseUid: string): number | undefined {
    return this.#balances.get(fold(evseUid))?.confirmedOf(evseUid).limit?.power;
  }

  /** Does something to an EVSE after what is under way there. */
  runSerially<T>(evseUid: string, work: () => Promise<T>): Promise<T> {
    const place = this.#places.byUid(evseUid);
    return place && this.#balances.has(fold(evseUid)) && !this.#isAlone(place) ? this.#turns.run(fold(evseUid), work) : work();
  }

  /** Learns what runs, and begins to hold the limits. */
  async start(): Promise<void> {
    if (this.#balances.size === 0) return;
    await this.#imposed.start();
    for (const station of new Set(this.#members().map((place) => place.station))) {
      for (const session of await this.#context.store.all(runningAt<OwnSession, Progress>(station))) {
        const place = session.evseUid === undefined ? undefined : this.#places.byUid(session.evseUid);
        if (!place || session.transactionId === undefined || !this.#balances.has(fold(place.evse.uid))) continue;
        this.#balances.get(fold(place.evse.uid))?.add(this.#events.remember(station, session.transactionId, place.evse));
        await this.inputsChanged(session.key);
      }
    }
    for (const it of this.balances()) it.start();
  }

  stop(): void {
    this.#imposed.stop();
    for (const it of this.balances()) it.stop();
  }

  #members(): readonly EvsePlace[] {
    return [...this.#balances.keys()].flatMap((uid) => this.#places.byFoldedUid(uid) ?? []);
  }

  /** What a station told of a transaction. */
  receive(station: StationId, event: Transaction): void {
    if (this.#balances.size === 0) return;
    const now = this.#context.clock.now();
    const siteEvse = (uid: string) => this.#balances.get(fold(uid))?.evse(uid);
    const told = this.#events.read(station, event, { now, siteEvse });
    for (const it of [...told, ...this.#events.silentMeters(now)]) this.#balances.get(fold(it.evse))?.add(it);
  }

  /** A driver's wish was accepted: under the rule by preference, who wants it fast gets more of what is shared. */
  preferencesAccepted(evseUid: string, type: ProfileType): void {
    this.#balances.get(fold(evseUid))?.add({ kind: 'preferred', evse: evseUid, weight: WEIGHTS[type] });
  }

  stationIsBack(station: StationId): void {
    this.#each(station, (uid, balance) => balance.add({ kind: 'heard', evse: uid }));
  }

  stationIsGone(station: StationId): void {
    this.#each(station, (uid, balance) => balance.add({ kind: 'silent', evse: uid, what: 'station' }));
  }

  #each(station: StationId, tell: (uid: string, balance: SiteBalance) => void): void {
    for (const { evse } of this.#places.ofStation(station)) {
      const balance = this.#balances.get(fold(evse.uid));
      if (balance) tell(evse.uid, balance);
    }
  }

  /** The profiles of a session are others now: its own ceiling is another. */
  async inputsChanged(key: SessionKey): Promise<void> {
    if (this.#balances.size === 0) return;
    const { store } = this.#context;
    const session = await store.first(sessionByKey<OwnSession, Progress>(key));
    const place = session?.evseUid === undefined ? undefined : this.#places.byUid(session.evseUid);
    const balance = place && this.#balances.get(fold(place.evse.uid));
    const chargingStarted = session && dateTimeSeconds(session.body.start_date_time);
    if (!session || !place || !balance || chargingStarted === undefined) return;
    const [first, ...more] = (await store.all(inputsOf(key))).map(({ profile }) => profile);
    const profile = first && lowestProfile([first, ...more], { evse: place.evse, startedAt: chargingStarted });
    balance.add({ kind: 'profile-changed', evse: place.evse.uid, ...(profile && { profile }), chargingStarted });
  }

  /** Sends an order: to the station as a whole, or to one of its EVSEs and to the profile of the session there. */
  async #carry({ evse: uid, current, power }: Order): Promise<StationAnswer> {
    const place = this.#places.byUid(uid);
    if (!place) return OFFLINE;
    const limit: EvseLimit = { current, power, since: toSeconds(this.#context.clock.now()) };
    return this.runSerially(uid, async () => {
      const alone = this.#isAlone(place);
      const answer = await this.#ask(place, { kind: 'limit-evse', evse: place.evse, limit: limitAsProfile(limit, unitOf(place.evse), place.evse), alone });
      const session = answer.is === 'ACCEPTED' ? await this.#sessionAt(place) : undefined;
      const request = session && !alone ? await this.#profileBelow(session, limit, place) : undefined;
      const both = request ? await this.#ask(place, request) : answer;
      this.#context.journal.note({ step: 'site-answered', evse: uid, current, answer: 'because' in both ? `${both.is} (${both.because})` : both.is });
      if (both.is === 'ACCEPTED' && session) this.#tools.reread(session.key);
      return both;
    });
  }

  async #ask({ station: id }: EvsePlace, request: StationRequest): Promise<StationAnswer> {
    const station = this.#tools.stationOf(id);
    const { clock, newId } = this.#context;
    return station?.ask({ request, messageId: messageId(newId()), deadline: later(clock.now(), PATIENCE), claim: async () => true }) ?? OFFLINE;
  }

  async #sessionAt({ station, evse }: EvsePlace): Promise<Stored | undefined> {
    const running = await this.#context.store.all(runningAt<OwnSession, Progress>(station));
    return running.find(({ status, evseUid }) => status === 'ACTIVE' && evseUid === evse.uid);
  }

  /** A transaction's own profile stands above the default of its EVSE, so it is lowered too. */
  async #profileBelow({ key, body, transactionId, profileId }: Stored, limit: EvseLimit, { evse }: EvsePlace): Promise<StationRequest | undefined> {
    const [first, ...more] = (await this.#context.store.all(inputsOf(key))).map((it) => it.profile);
    const startedAt = dateTimeSeconds(body.start_date_time);
    if (!first || transactionId === undefined || profileId === undefined || startedAt === undefined) return undefined;
    const profile = lowestProfile([first, ...more, limitAsProfile(limit, first.unit, evse)], { evse, startedAt });
    return profile && { kind: 'set-charging-profile', evse, transactionId, profileId, profile };
  }

  #isAlone({ station }: EvsePlace): boolean {
    return this.#places.ofStation(station).length === 1;
  }

  #note(tree: LimitTree, { orders, deviations, exceeded }: Step): void {
    const { journal, metrics } = this.#context;
    for (const { evse, current } of orders) journal.note({ step: 'site-ordered', site: tree.name, evse, current });
    for (const { evse, measured, allowed } of deviations) {
      metrics.siteDeviations.inc({ site: tree.name });
      journal.note({ step: 'site-deviation', site: tree.name, evse, measured, allowed });
    }
    const before = this.#exceeded.get(tree.name) ?? [];
    for (const where of exceeded) if (!before.includes(placeIn(where))) journal.note({ step: 'site-exceeded', site: tree.name, where });
    this.#exceeded.set(tree.name, exceeded.map(placeIn));
    metrics.siteExceeded.set({ site: tree.name }, exceeded.length);
  }
}

const placeIn = (where: string): string => where.split(':')[0] ?? where;
