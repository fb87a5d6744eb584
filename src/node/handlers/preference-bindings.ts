import { type Binding, bind } from '../../ocpi/binding.ts';
import { success } from '../../ocpi/envelope.ts';
import { readChargingPreferences } from '../../ocpi/sessions/charging-preferences.ts';
import { forwardChargingPreferences } from '../../ocpi/sessions/forward-charging-preferences.ts';
import { setChargingPreferences } from '../../ocpi/sessions/set-charging-preferences.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { type OwnPreferences, unknownSession } from '../cpo/own-preferences.ts';
import type { RemoteSessions } from '../remote/remote-sessions.ts';
import type { PlannedSessions } from '../scsp/plan-sessions.ts';

type Bound = readonly Binding<KnownPeer>[];

/** A CPO takes the charging preferences of drivers from their eMSPs (OCPI 2.2.1 §9.2.1.2). */
export const preferenceSenderBindings = (preferences: OwnPreferences): Bound => [bind(setChargingPreferences, (request) => preferences.answer(request))];

/** An SCSP with a plan takes charging preferences that the peer of a session forwards (SES-57). */
export const preferenceReceiverBindings = (sessions: RemoteSessions, scsp: PlannedSessions): Bound => [
  bind(forwardChargingPreferences, async ({ peer, params, body }) => {
    const key = await sessions.keyOf(peer, params);
    return key === undefined ? unknownSession : success(await scsp.setPreferences(key, readChargingPreferences(body)));
  }),
];
