import { partyName, partyOfSession } from '../../domain/ids.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import type { WireChargingPreferences } from '../../ocpi/sessions/charging-preferences.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { setChargingPreferences } from '../../ocpi/sessions/set-charging-preferences.ts';
import type { Progress } from '../../roles/cpo/session.ts';
import type { StoredSession } from '../../store/sql/session.ts';
import type { Context } from '../core/context.ts';
import { answerFrom, type ForwardedPreferences, type PreferenceForwards, type PreferencesMessage } from '../exchanges/forward-preferences.ts';
import { clientFor, FORWARD_MS } from '../peers/peer-client.ts';
import type { RemoteLocations } from '../remote/remote-locations.ts';

type Stored = StoredSession<WireSession, Progress>;

/** Sends the charging preferences of our customers to the CPO, and to the SCSP that steers the session through this node (SES-54, SES-57). */
export interface PreferenceSender {
  /** Resolves with one answer for each receiver. Empty: no receiver uses preferences, and nothing was sent (SES-54). */
  send(session: Stored, preferences: WireChargingPreferences): Promise<readonly ForwardedPreferences[]>;
}

/** Creates the sender of preferences of an eMSP. */
export function createPreferenceSender(
  context: Context,
  { locations, forwards }: { locations: RemoteLocations; forwards: PreferenceForwards },
): PreferenceSender {
  return {
    send: async (session, preferences) => {
      const message = { preferences, correlationId: context.newId() };
      const answers = await Promise.all([sendToCpo(session, message), forwards.forward(session, message)]);
      return answers.filter((it) => it !== undefined);
    },
  };

  /** Undefined when the CPO does not use preferences at this EVSE. */
  async function sendToCpo(session: Stored, { preferences, correlationId }: PreferencesMessage): Promise<ForwardedPreferences | undefined> {
    const { key, peer: peerId, tokenParty, body } = session;
    const by = partyOfSession(key);
    const evse = await locations.evseOf(by, body.location_id, body.evse_uid);
    if (!evse?.capabilities.includes('CHARGING_PREFERENCES_CAPABLE')) return undefined;
    const cpo = peerId && (await context.peers.find(peerId));
    const to = clientFor(context, cpo, { module: 'sessions', role: 'SENDER', withinMs: FORWARD_MS });
    if (!to) return { by, problem: 'it is not registered any more, or has no sessions module' };
    const outcome = await callEndpoint(to.client, setChargingPreferences, {
      base: to.base,
      params: { session_id: body.id },
      body: preferences,
      ids: { to: partyName(by), ...(tokenParty !== undefined && { from: partyName(tokenParty) }), ...(correlationId !== undefined && { correlationId }) },
    });
    return answerFrom(by, outcome);
  }
}
