import { partyName, partyOfSession } from '../../domain/ids.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import type { WireChargingPreferences } from '../../ocpi/sessions/charging-preferences.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { setChargingPreferences } from '../../ocpi/sessions/set-charging-preferences.ts';
import type { Progress } from '../../roles/cpo/session.ts';
import type { StoredSession } from '../../store/sql/session.ts';
import type { Context } from '../core/context.ts';
import type { ForwardedPreferences, PreferenceForwards } from '../exchanges/forward-preferences.ts';
import { clientFor, FORWARD_MS } from '../peers/peer-client.ts';
import type { RemoteLocations } from '../remote/remote-locations.ts';

type Stored = StoredSession<WireSession, Progress>;

/** Tells CPOs, and SCSPs that steer through us, how our customers want their sessions to charge (SES-54, SES-57). */
export class SentPreferences {
  readonly #context: Context;
  readonly #parts: { locations: RemoteLocations; passes: PreferenceForwards };

  constructor(context: Context, parts: { locations: RemoteLocations; passes: PreferenceForwards }) {
    this.#context = context;
    this.#parts = parts;
  }

  /** What each who can go by them said; none: there is nobody, and nothing was sent (SES-54). */
  async send(session: Stored, preferences: WireChargingPreferences): Promise<readonly ForwardedPreferences[]> {
    const correlationId = this.#context.newId();
    const told = await Promise.all([
      this.#tellCpo(session, { preferences, correlationId }),
      this.#parts.passes.forward(session, { preferences, correlationId }),
    ]);
    return told.filter((it) => it !== undefined);
  }

  async #tellCpo(
    session: Stored,
    { preferences, correlationId }: { preferences: WireChargingPreferences; correlationId: string },
  ): Promise<ForwardedPreferences | undefined> {
    const { key, peer: peerId, tokenParty, body } = session;
    const by = partyOfSession(key);
    const evse = await this.#parts.locations.evseOf(by, body.location_id, body.evse_uid);
    if (!evse?.capabilities.includes('CHARGING_PREFERENCES_CAPABLE')) return undefined;
    const cpo = peerId && (await this.#context.peers.find(peerId));
    const to = clientFor(this.#context, cpo, { module: 'sessions', role: 'SENDER', withinMs: FORWARD_MS });
    if (!to) return { by, problem: 'it is not registered any more, or has no sessions module' };
    const outcome = await callEndpoint(to.client, setChargingPreferences, {
      base: to.base,
      params: { session_id: body.id },
      body: preferences,
      ids: { to: partyName(by), ...(tokenParty !== undefined && { from: partyName(tokenParty) }), correlationId },
    });
    if (outcome.is === 'SUCCESS') return { by, answer: outcome.data };
    return { by, problem: [outcome.because, outcome.message].filter(Boolean).join(': ') };
  }
}
