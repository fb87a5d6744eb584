import { fold, type PartyKey, partyOfSession } from '../../domain/ids.ts';
import { type PreferencesAnswer, type ProfileType, takesPreferences } from '../../domain/preferences.ts';
import type { Request } from '../../ocpi/binding.ts';
import { type Reply, refused, success } from '../../ocpi/envelope.ts';
import type { WireChargingPreferences } from '../../ocpi/sessions/charging-preferences.ts';
import type { setChargingPreferences } from '../../ocpi/sessions/set-charging-preferences.ts';
import { capableEvses } from '../../roles/cpo/preferences-capable.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { sessionExists, sessionOwnedBy } from '../../store/sql/access.ts';
import { steeringContracts } from '../../store/sql/contract.ts';
import type { StoredSession } from '../../store/sql/session.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import type { ForwardedPreferences, PreferenceForwards } from '../exchanges/forward-preferences.ts';
import { requestingPartiesOf } from '../peers/requesting-party.ts';
import type { RateLimits } from '../rights/rate-limits.ts';

type Stored = StoredSession<OwnSession, Progress>;

/** What the wishes of drivers at our charge points work with. */
export interface PreferenceDependencies {
  evses: EvseDirectory;
  forwards: PreferenceForwards;
  rateLimits: RateLimits;
  /** Whether wishes are followed at this EVSE is another than before. */
  capabilityChanged(evseUid: string): void;
  /** A wish was accepted. */
  accepted(evseUid: string, type: ProfileType): void;
}

/** A word of our own, and why. */
export interface OwnAnswer {
  by: PartyKey;
  answer: PreferencesAnswer;
  message: string;
}

/** What becomes of wishes for a session of ours: the word of an SCSP, our own, or that nobody goes by wishes at its EVSE. */
export type PreferencesOutcome = ForwardedPreferences | OwnAnswer | { refusal: string };

/** The wishes of drivers at our own charge points: we follow none ourselves, an SCSP with a contract does (SES-50 to SES-57). */
export class OwnPreferences {
  readonly #context: Context;
  readonly #parts: PreferenceDependencies;
  #capable: ReadonlySet<string> = new Set();

  constructor(context: Context, parts: PreferenceDependencies) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Whether somebody goes by the wishes of drivers at this EVSE; at once, since its location asks. */
  capable = (evseUid: string): boolean => this.#capable.has(evseUid);

  /** Learns it anew and tells nobody. */
  async recover(): Promise<void> {
    this.#capable = await this.#read();
  }

  /** Learns it anew: a contract, a consent or a peer may have come or gone. */
  async refresh(): Promise<void> {
    const before = this.#capable;
    const now = await this.#read();
    this.#capable = now;
    for (const uid of new Set([...before, ...now])) if (before.has(uid) !== now.has(uid)) this.#parts.capabilityChanged(uid);
  }

  async #read(): Promise<ReadonlySet<string>> {
    const { store, clock } = this.#context;
    const { evses, forwards } = this.#parts;
    const takers = await forwards.receivers();
    const contracts = takers.size === 0 ? [] : await store.all(steeringContracts(clock.now()));
    const spots = evses.locations().flatMap((id) => evses.inLocation(id).map(({ evse, locationId }) => ({ uid: evse.uid, locationId })));
    return capableEvses(
      spots,
      contracts.filter(({ party }) => takers.has(party)),
    );
  }

  /** Answers the eMSP whose customer it is; a session of others is none that exists (SEC-15). */
  async answer({ peer, headers, params, body }: Request<typeof setChargingPreferences, KnownPeer>): Promise<Reply<PreferencesAnswer>> {
    const askers = requestingPartiesOf(peer, headers.from);
    const session = await this.#context.store.first(sessionOwnedBy<OwnSession, Progress>(fold(params.session_id), askers));
    if (!session) {
      this.#noteForeign(peer, params.session_id);
      return unknownSession;
    }
    const tooOften = this.#tooOften(session);
    return tooOften === undefined
      ? replyTo(await this.setPreferences(session, { preferences: body, correlationId: headers.correlationId }))
      : refused(2000, tooOften);
  }

  /** Passes wishes on to whoever steers the session, and says what it answers. */
  async setPreferences(session: Stored, said: { preferences: WireChargingPreferences; correlationId?: string }): Promise<PreferencesOutcome> {
    const { key, evseUid, status } = session;
    if (evseUid === undefined || !this.capable(evseUid)) return { refusal: `EVSE ${evseUid ?? 'not known yet'}: is not CHARGING_PREFERENCES_CAPABLE` };
    if (!takesPreferences(status))
      return { by: partyOfSession(key), answer: 'NOT_POSSIBLE', message: `the session is ${status}, only one that is under way takes preferences` };
    const passed = await this.#parts.forwards.forward(session, said);
    if (!passed || 'problem' in passed) await this.refresh();
    else if (passed.answer === 'ACCEPTED') this.#parts.accepted(evseUid, said.preferences.profile_type);
    return passed ?? { by: partyOfSession(key), answer: 'NOT_POSSIBLE', message: 'nobody who goes by preferences steers this session' };
  }

  #tooOften({ key, tokenParty, station }: Stored): string | undefined {
    const { rateLimits } = this.#parts;
    const attempt = tokenParty !== undefined && { party: tokenParty, session: key, station, profile: undefined };
    const refusal = attempt ? rateLimits.refusal(attempt) : undefined;
    if (attempt && refusal === undefined) rateLimits.take(attempt);
    return refusal;
  }

  #noteForeign({ id: peer }: KnownPeer, sessionId: string): void {
    const { store, security, reportError } = this.#context;
    store.first(sessionExists(fold(sessionId))).then(
      (key) => key && security.note({ kind: 'foreign-session', peer, says: `${peer} named a session that is none of its customers'` }),
      (error) => reportError('foreign session', error),
    );
  }
}

/** The same for one that there is not and for one that is another party's. */
export const unknownSession: Reply<never> = { status: 404, code: 2001, message: 'session_id: no such session' };

function replyTo(preferred: PreferencesOutcome): Reply<PreferencesAnswer> {
  if ('refusal' in preferred) return { status: 404, code: 2001, message: preferred.refusal };
  if ('problem' in preferred) return refused(3000, `${preferred.by}, who steers this session, did not answer`);
  return 'message' in preferred ? { ...success(preferred.answer), message: preferred.message } : success(preferred.answer);
}
