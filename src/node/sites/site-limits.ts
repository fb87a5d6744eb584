import type { Evse } from '../../domain/evse.ts';
import { fold, type SessionKey, type StationId } from '../../domain/ids.ts';
import type { ProfileType } from '../../domain/preferences.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { evseMaximum } from '../../domain/profile/convert.ts';
import type { Order } from '../../domain/site/event.ts';
import type { StationAnswer, TransactionEvent } from '../../domain/station.ts';
import { toSeconds } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import { backdated } from '../../ocpp/quirks.ts';
import type { Station, StationRequest } from '../../ocpp/station.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { inputsOf } from '../../store/sql/input.ts';
import { runningAt, runningTransactions, type StoredSession, sessionByKey } from '../../store/sql/session.ts';
import type { ConfiguredEvse, EvseDirectory } from '../config/evse-directory.ts';
import type { Site } from '../config/read-sites.ts';
import type { Context } from '../core/context.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import { BuildingMeters } from './building-meters.ts';
import { type EvseLimit, isRenewal, limitAsProfile, limitFor, lowestProfile, unitOf } from './evse-limit.ts';
import { ImposedLimits } from './imposed-limits.ts';
import { MqttMeters, publishedMeters } from './mqtt-meters.ts';
import { profileBelow } from './profile-below.ts';
import { describeAnswer, sendToStation } from './send-to-station.ts';
import { SiteBalance, type SiteShadow } from './site-balance.ts';
import { SiteBalances } from './site-balances.ts';
import { keyOf, SiteEvents } from './site-events.ts';
import { SiteFindings } from './site-findings.ts';
import { SiteWatch } from './site-watch.ts';

type Stored = StoredSession<OwnSession, Progress>;

/** What site limits need from other parts of the node. */
export interface SiteLimitsDependencies {
  stationOf(id: StationId): Station | undefined;
  /** The limit of the session's EVSE has changed: its active profile must be read and pushed. */
  reread(session: SessionKey): void;
  /** Whether a CSMS steers a transaction, so that the limit of its EVSE needs a profile of the transaction too. */
  isSteeredByCsms(session: Pick<Stored, 'station' | 'transactionId'>, evse: Evse): boolean;
  shadow: { isObserved(evseUid: string): boolean; ofSite(name: string): SiteShadow };
}

/** Weights of shares under the rule `by-preference`. */
const WEIGHTS: Readonly<Record<ProfileType, number>> = { FAST: 4, REGULAR: 1, CHEAP: 0.5, GREEN: 0.5 };
/** Transactions are compared with the store at every tenth look, which is every 10 s. */
const TRANSACTIONS_EVERY = 10;
const OFFLINE: StationAnswer = { is: 'NOT_SENT', because: 'offline' };

/** Balances all sites: no limit of any cable is exceeded, whatever profiles allow. */
export class SiteLimits {
  readonly #context: Context;
  readonly #evses: EvseDirectory;
  readonly #dependencies: SiteLimitsDependencies;
  readonly #events: SiteEvents;
  readonly #balances: SiteBalances;
  /** What the balances found. */
  readonly findings: SiteFindings;
  readonly #imposed: ImposedLimits;
  readonly meters: BuildingMeters;
  readonly #published: MqttMeters;
  readonly #watch: SiteWatch;
  #watched = false;
  /** Sessions whose profiles must be read: since a change, or again after that failed. */
  readonly #unread = new Set<SessionKey>();
  /** One message to an EVSE at a time: a profile below a limit is never overtaken by another limit. */
  readonly #serial = new SerialByKey<string>();

  constructor(context: Context, { evses, sites }: { evses: EvseDirectory; sites: readonly Site[] }, dependencies: SiteLimitsDependencies) {
    this.#context = context;
    this.#evses = evses;
    this.#dependencies = dependencies;
    this.#events = new SiteEvents(evses);
    this.findings = new SiteFindings(context);
    this.#balances = new SiteBalances((site) => this.#balanceOf(site));
    this.#balances.replace(sites);
    this.#imposed = new ImposedLimits(context, () => this.balances());
    this.meters = new BuildingMeters(context, () => this.balances());
    this.#published = new MqttMeters(context, this.meters);
    this.#watch = new SiteWatch(context, { balances: () => this.balances(), look: (count) => this.#look(count) });
    context.metrics.keep('work in order', () => this.#serial.size);
    context.metrics.keep('transactions at sites', () => this.#events.size);
  }

  #balanceOf(site: Site): SiteBalance {
    const { clock, reportError, work } = this.#context;
    return new SiteBalance(site, {
      clock,
      reportError,
      work,
      send: (order) => this.#sendOrder(order),
      periodsOf: (uid) => this.#periodsOf(uid),
      isObserved: (uid) => this.#dependencies.shadow.isObserved(uid),
      shadow: this.#dependencies.shadow.ofSite(site.tree.name),
      onStep: (tree, step) => this.findings.note(tree, step),
    });
  }

  /** The configuration has changed: other sites than before are balanced as after a start. An EVSE that no site limits any more gets its maximum. */
  async reload(sites: readonly Site[]): Promise<void> {
    const { added, ended, before } = this.#balances.replace(sites);
    for (const { state } of ended) this.findings.forget(state.tree);
    this.#events.forget((uid) => this.#balances.of(uid) !== before.get(fold(uid)));
    this.#imposed.forgetFile();
    for (const uid of before.keys()) if (!this.#balances.of(uid)) this.#release(uid);
    if (!this.#watched) return this.start();
    await this.#look(0);
    for (const it of added) it.start();
    this.#published.follow(publishedMeters(this.#context.config));
  }

  /** Lifts the last limit of an EVSE that belongs to no site any more, after the orders that are under way there. */
  #release(uid: string): void {
    const found = this.#evses.byFoldedUid(uid);
    if (!found) return;
    const { evse } = found;
    const limit = { current: evseMaximum(evse, 'A'), power: evseMaximum(evse, 'W'), since: toSeconds(this.#context.clock.now()), later: [] };
    this.#context.work.start(`limit of ${evse.uid}`, async () => void (await this.#serial.run(uid, () => this.#sendLimit(found, limit))));
  }

  /** The limits that are imposed at run time. */
  get imposed(): ImposedLimits {
    return this.#imposed;
  }

  /** One balance for each site. */
  balances(): readonly SiteBalance[] {
    return this.#balances.all();
  }

  /** The balance of the site that limits an EVSE; undefined: no site does. */
  balanceOf = (evseUid: string): SiteBalance | undefined => this.#balances.of(evseUid);

  /** The limit that a session's profile must stay below. Undefined when no site limits the EVSE, or when its charge point is limited as a whole. */
  limitFor(evseUid: string): EvseLimit | undefined {
    const found = this.#evses.byUid(evseUid);
    return found && !this.#isOnlyEvse(found) ? this.#balances.of(evseUid)?.limitOf(evseUid) : undefined;
  }

  /** The limit of an EVSE from now on, as its charge point confirmed it. `changing`: another limit has no answer yet. */
  confirmedLimit(evseUid: string): { profile: ChargingProfile | undefined; changing: boolean } {
    const found = this.#evses.byUid(evseUid);
    const known = this.#balances.of(evseUid)?.confirmedOf(evseUid);
    if (!found || !known) return { profile: undefined, changing: false };
    const { limit, changing } = known;
    return { profile: limit && limitAsProfile(limit, unitOf(found.evse), found.evse), changing };
  }

  /** The confirmed limit of an EVSE in W. Undefined when no site limits it, or when nothing is confirmed yet. */
  wattsAt(evseUid: string): number | undefined {
    return this.#balances.of(evseUid)?.confirmedOf(evseUid).limit?.power;
  }

  /** Runs work on an EVSE after all work that is under way there. */
  runSerially<T>(evseUid: string, work: () => Promise<T>): Promise<T> {
    const found = this.#evses.byUid(evseUid);
    return found && this.#balances.of(evseUid) && !this.#isOnlyEvse(found) ? this.#serial.run(fold(evseUid), work) : work();
  }

  /** Looks at limits and running sessions, and starts to balance. */
  async start(): Promise<void> {
    if (this.#balances.isEmpty) return;
    this.#watched = true;
    this.#context.health.addCheck('sites', () => this.#problem());
    await this.#watch.start();
    for (const it of this.balances()) it.start();
    this.#published.follow(publishedMeters(this.#context.config));
  }

  /** Why the sites are not under control now; undefined: they are. */
  #problem(): string | undefined {
    const seconds = this.#watch.lateBy();
    return seconds === undefined ? undefined : `the sites were last looked at ${seconds} s ago`;
  }

  /** Finds what changed without an event that arrived: limits, silent meters, lost starts and ends, and profiles that could not be read. */
  async #look(count: number): Promise<void> {
    this.meters.look();
    await this.#imposed.read();
    for (const it of this.#events.silentMeters(this.#context.clock.steady())) this.#balances.of(it.evse)?.add(it);
    if (count % TRANSACTIONS_EVERY === 0) await this.#checkTransactions();
    for (const session of this.#unread) await this.inputsChanged(session);
  }

  /** Compares the transactions of the balances with those of the store, which has each before the balances know it. */
  async #checkTransactions(): Promise<void> {
    const before = this.#events.known();
    const running = (await this.#context.store.all(runningTransactions)).map((it) => ({ ...it, id: keyOf(it.station, it.transactionId) }));
    const ids = new Set(running.map(({ id }) => id));
    for (const it of this.#events.drop([...before].filter((id) => !ids.has(id)))) this.#balances.of(it.evse)?.add(it);
    for (const { id, session, station, transactionId, evseUid } of running) {
      const evse = evseUid === undefined ? undefined : this.#evses.byUid(evseUid)?.evse;
      const balance = evse && this.#balances.of(evse.uid);
      if (!evse || !balance || this.#events.known().has(id)) continue;
      balance.add(this.#events.remember(station, transactionId, evse));
      await this.inputsChanged(session);
    }
  }

  /** The EVSE that a session uses, when it is in the configuration. */
  #evseOf({ evseUid }: Stored): Evse | undefined {
    return evseUid === undefined ? undefined : this.#evses.byUid(evseUid)?.evse;
  }

  /** Processes an event of a transaction. */
  receive(station: StationId, event: TransactionEvent): void {
    if (this.#balances.isEmpty) return;
    const now = this.#context.clock.steady();
    const siteEvse = (uid: string) => this.#balances.of(uid)?.evse(uid);
    const events = this.#events.read(station, event, { now, siteEvse });
    for (const it of events) this.#balances.of(it.evse)?.add(it);
  }

  /** Preferences of a driver were accepted: under the rule `by-preference`, FAST gets a larger share. */
  preferencesAccepted(evseUid: string, type: ProfileType): void {
    this.#balances.of(evseUid)?.add({ kind: 'preferred', evse: evseUid, weight: WEIGHTS[type] });
  }

  stationIsBack = (station: StationId): void => this.#forEachEvse(station, (uid, balance) => balance.add({ kind: 'responded', evse: uid }));
  stationIsGone = (station: StationId): void => this.#forEachEvse(station, (uid, balance) => balance.add({ kind: 'silent', evse: uid, what: 'station' }));

  #forEachEvse(station: StationId, add: (uid: string, balance: SiteBalance) => void): void {
    for (const { evse } of this.#evses.ofStation(station)) {
      const balance = this.#balances.of(evse.uid);
      if (balance) add(evse.uid, balance);
    }
  }

  /** The profiles of a session have changed, and with them the ceiling of its EVSE. */
  async inputsChanged(key: SessionKey): Promise<void> {
    if (this.#balances.isEmpty) return;
    this.#unread.add(key);
    await this.#readInputs(key);
    this.#unread.delete(key);
  }

  async #readInputs(key: SessionKey): Promise<void> {
    const { store } = this.#context;
    const session = await store.first(sessionByKey<OwnSession, Progress>(key));
    const evse = session && this.#evseOf(session);
    const balance = evse && this.#balances.of(evse.uid);
    const chargingStarted = session && dateTimeSeconds(session.body.start_date_time);
    if (!evse || !balance || chargingStarted === undefined) return;
    const [first, ...more] = (await store.all(inputsOf(key))).map(({ profile }) => profile);
    const profile = first && lowestProfile([first, ...more], { evse, startedAt: chargingStarted });
    balance.add({ kind: 'profile-changed', evse: evse.uid, ...(profile && { profile }), chargingStarted });
  }

  /** Sends an order: a limit for the whole charge point, or for one of its EVSEs, and then a lower profile for the session there. */
  async #sendOrder(order: Order): Promise<StationAnswer> {
    const { evse: uid } = order;
    const found = this.#evses.byUid(uid);
    const siteEvse = this.#balances.of(uid)?.evse(uid);
    if (!found || !siteEvse) return OFFLINE;
    const limit = limitFor(siteEvse, order, toSeconds(this.#context.clock.now()));
    return this.runSerially(uid, () => this.#sendLimit(found, limit));
  }

  async #sendLimit(found: ConfiguredEvse, limit: EvseLimit): Promise<StationAnswer> {
    const { evse } = found;
    const isOnlyEvse = this.#isOnlyEvse(found);
    const profile = backdated(limitAsProfile(limit, unitOf(evse), evse), limit.since); // quirk clock-behind
    const before = this.#balances.of(evse.uid)?.confirmedOf(evse.uid).limit;
    const first = await this.#send(found, { kind: 'limit-evse', evse, limit: profile, isOnlyEvse });
    const session = first.is === 'ACCEPTED' ? await this.#sessionAt(found) : undefined;
    const request = session && !isOnlyEvse ? await this.#profileBelow(session, limit, evse) : undefined;
    const answer = request ? await this.#send(found, request) : first;
    this.#context.journal.note({ step: 'site-limit-answered', evse: evse.uid, current: limit.current, answer: describeAnswer(answer) });
    if (answer.is === 'ACCEPTED' && session && !isRenewal(before, limit)) this.#dependencies.reread(session.key);
    return answer;
  }

  #periodsOf(uid: string): number | undefined {
    const found = this.#evses.byUid(uid);
    return found && this.#dependencies.stationOf(found.station)?.abilities().maxPeriods;
  }

  async #send({ station: id }: ConfiguredEvse, request: StationRequest): Promise<StationAnswer> {
    const station = this.#dependencies.stationOf(id);
    return station ? sendToStation(this.#context, station, { request }) : OFFLINE;
  }

  async #sessionAt({ station, evse }: ConfiguredEvse): Promise<Stored | undefined> {
    const running = await this.#context.store.all(runningAt<OwnSession, Progress>(station));
    return running.find(({ status, evseUid }) => status === 'ACTIVE' && evseUid === evse.uid);
  }

  /** The profile that keeps a session below the limit of its EVSE; undefined: nothing overrides the limit. */
  async #profileBelow(session: Stored, limit: EvseLimit, evse: Evse): Promise<StationRequest | undefined> {
    const inputs = await this.#context.store.all(inputsOf(session.key));
    return inputs.length > 0 || this.#dependencies.isSteeredByCsms(session, evse) ? profileBelow(session, inputs, { limit, evse }) : undefined;
  }

  #isOnlyEvse({ station }: ConfiguredEvse): boolean {
    return this.#evses.ofStation(station).length === 1;
  }
}
