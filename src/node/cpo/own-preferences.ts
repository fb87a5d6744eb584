import { fold, type PartyKey, partyOfSession } from '../../domain/ids.ts';
import { type PreferencesAnswer, type ProfileType, takesPreferences } from '../../domain/preferences.ts';
import type { Request } from '../../ocpi/binding.ts';
import { type Reply, refused, success } from '../../ocpi/envelope.ts';
import type { setChargingPreferences } from '../../ocpi/sessions/set-charging-preferences.ts';
import { capableEvses } from '../../roles/cpo/preferences-capable.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { steeringContracts } from '../../store/sql/contract.ts';
import type { StoredSession } from '../../store/sql/session.ts';
import { sessionOwnedBy } from '../../store/sql/session-rights.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import type { ForwardedPreferences, PreferenceForwards, PreferencesMessage } from '../exchanges/forward-preferences.ts';
import { requestingPartiesOf, withForeignSessionNoted } from '../peers/requesting-party.ts';
import type { RateLimits } from '../rights/rate-limits.ts';

type Stored = StoredSession<OwnSession, Progress>;

/** What charging preferences at our charge points need from other parts of the node. */
export interface PreferenceDependencies {
  evses: EvseDirectory;
  forwards: PreferenceForwards;
  rateLimits: RateLimits;
  /** An EVSE supports preferences now, or no longer. */
  capabilityChanged(evseUid: string): void;
  /** Preferences of a driver at this EVSE were accepted. */
  accepted(evseUid: string, type: ProfileType): void;
}

/** An answer of this node itself, with the reason. */
export interface OwnAnswer {
  by: PartyKey;
  answer: PreferencesAnswer;
  message: string;
}

/** How preferences for a session of ours are answered: by an SCSP, by this node, or not at all since the EVSE does not support them. */
export type PreferencesOutcome = ForwardedPreferences | OwnAnswer | { refusal: string };

/** Charging preferences at our own charge points. A CPO does not use them itself; an SCSP with a contract does (SES-50 to SES-57). */
export class OwnPreferences {
  readonly #context: Context;
  readonly #dependencies: PreferenceDependencies;
  #capable: ReadonlySet<string> = new Set();
  /** One after another: an older reading must not replace a newer one. */
  readonly #refreshes = new SerialByKey<'all'>();

  constructor(context: Context, dependencies: PreferenceDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /** Whether preferences are supported at this EVSE. Synchronous, since a location is built with it. */
  capable = (evseUid: string): boolean => this.#capable.has(evseUid);

  /** Reads which EVSEs support preferences, and calls no listener. */
  async recover(): Promise<void> {
    this.#capable = await this.#read();
  }

  /** Reads it again after a change of a contract, a consent or a peer, and calls `capabilityChanged`. */
  refresh(): Promise<void> {
    return this.#refreshes.run('all', async () => {
      const before = this.#capable;
      const now = await this.#read();
      this.#capable = now;
      for (const uid of new Set([...before, ...now])) if (before.has(uid) !== now.has(uid)) this.#dependencies.capabilityChanged(uid);
    });
  }

  async #read(): Promise<ReadonlySet<string>> {
    const { store, clock } = this.#context;
    const { evses, forwards } = this.#dependencies;
    const receivers = await forwards.receivers();
    const contracts = receivers.size === 0 ? [] : await store.all(steeringContracts(clock.now()));
    const atLocations = evses.locations().flatMap(({ key }) => evses.inLocation(key).map(({ evse, locationId }) => ({ uid: evse.uid, locationId })));
    return capableEvses(
      atLocations,
      contracts.filter(({ party }) => receivers.has(party)),
    );
  }

  /** Answers the eMSP that owns the token of the session. A session of another party gets the same answer as one that does not exist (SEC-15). */
  async answer({ peer, headers, params, body }: Request<typeof setChargingPreferences, KnownPeer>): Promise<Reply<PreferencesAnswer>> {
    const parties = requestingPartiesOf(peer, headers.from);
    const session = await this.#context.store.first(sessionOwnedBy<OwnSession, Progress>(fold(params.session_id), parties));
    if (!session) return withForeignSessionNoted(this.#context, { reply: unknownSession, peer, party: undefined, sessionId: params.session_id });
    const tooOften = this.#tooOften(session);
    return tooOften === undefined
      ? replyTo(await this.setPreferences(session, { preferences: body, correlationId: headers.correlationId }))
      : refused(2000, tooOften);
  }

  /** Forwards preferences to the SCSP that steers the session. */
  async setPreferences(session: Stored, message: PreferencesMessage): Promise<PreferencesOutcome> {
    const { key, evseUid, status } = session;
    if (evseUid === undefined || !this.capable(evseUid)) return { refusal: `EVSE ${evseUid ?? 'not known yet'}: is not CHARGING_PREFERENCES_CAPABLE` };
    if (!takesPreferences(status))
      return { by: partyOfSession(key), answer: 'NOT_POSSIBLE', message: `the session is ${status}, only one that is under way takes preferences` };
    const forwarded = await this.#dependencies.forwards.forward(session, message);
    if (!forwarded || 'problem' in forwarded) await this.refresh();
    else if (forwarded.answer === 'ACCEPTED') this.#dependencies.accepted(evseUid, message.preferences.profile_type);
    return forwarded ?? { by: partyOfSession(key), answer: 'NOT_POSSIBLE', message: 'charging preferences are not used for this session' };
  }

  /** Why the eMSP must wait before it may send preferences again; undefined when it may, and then the message counts. */
  #tooOften({ key, tokenParty, station }: Stored): string | undefined {
    const { rateLimits } = this.#dependencies;
    const limited = tokenParty !== undefined && { party: tokenParty, session: key, station, profile: undefined };
    const refusal = limited ? rateLimits.refusal(limited) : undefined;
    if (limited && refusal === undefined) rateLimits.countAccepted(limited);
    return refusal;
  }
}

/** The reply for a session that does not exist, and for one of another party. */
export const unknownSession: Reply<never> = { status: 404, code: 2001, message: 'session_id: no such session' };

function replyTo(outcome: PreferencesOutcome): Reply<PreferencesAnswer> {
  if ('refusal' in outcome) return { status: 404, code: 2001, message: outcome.refusal };
  // The eMSP does not learn who steers, nor that somebody else than the CPO does (CP-71, F-45).
  if ('problem' in outcome) return refused(3000, 'the charging preferences could not be processed now: send them again later');
  return 'message' in outcome ? { ...success(outcome.answer), message: outcome.message } : success(outcome.answer);
}
