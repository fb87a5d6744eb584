import type { PeerId } from '../../domain/ids.ts';
import type { Ground } from '../core/context.ts';
import { type AllPulls, together } from '../peers/pulls.ts';
import { RelayedProfiles } from '../relay/push-relayed-profile.ts';
import { Relay } from '../relay/relay.ts';
import { LOOK_AHEAD, RelayResults } from '../relay/relay-results.ts';
import { SentPreferences } from '../relay/sent-preferences.ts';
import { createLocationPulls } from '../remote/pull-locations.ts';
import { createSessionPulls } from '../remote/pull-sessions.ts';
import { ForeignLocations } from '../remote/remote-locations.ts';
import { ForeignSessions } from '../remote/remote-sessions.ts';
import { Sender } from '../remote/send-request.ts';
import type { Footing } from './shared-services.ts';

/** An eMSP or an SCSP: sessions elsewhere, and what it asks of those who tell of them. */
export interface Emsp {
  sessions: ForeignSessions;
  locations: ForeignLocations;
  sender: Sender;
  pulls: AllPulls;
  /** What only an eMSP does: SCSPs steer its customers' sessions through it. */
  relay: Relay | undefined;
  results: RelayResults | undefined;
  profiles: RelayedProfiles | undefined;
  preferences: SentPreferences | undefined;
}

export function composeEmsp(ground: Ground, { deliveries, pushes, passes, agreements, allowances }: Footing): Emsp {
  const relays = ground.config.parties.some(({ role }) => role === 'EMSP');
  const sessions = new ForeignSessions(ground, { doubt: (peer: PeerId) => sessionPulls.doubt(peer), changed: (key) => relays && pushes.changed(key) });
  const locations = new ForeignLocations(ground, (peer) => locationPulls.doubt(peer));
  const sessionPulls = createSessionPulls(ground, sessions);
  const locationPulls = createLocationPulls(ground, locations);
  const pulls = together([sessionPulls, locationPulls]);
  const profiles = relays ? new RelayedProfiles(ground) : undefined;
  const sender = new Sender(ground, { learnt: (session) => profiles?.learnt(session) });
  if (!relays) return { sessions, locations, sender, pulls, relay: undefined, results: undefined, profiles, preferences: undefined };
  const relay: Relay = new Relay(ground, { ...agreements, allowances, answered: (exchange) => results.answered(exchange) });
  const results: RelayResults = new RelayResults(ground, {
    sharing: agreements.sharing,
    relay,
    deliver: (exchange) => deliveries.deliver(exchange),
    look: (session) => sender.ask(session, { kind: 'get', duration: LOOK_AHEAD }),
  });
  return { sessions, locations, sender, pulls, relay, results, profiles, preferences: new SentPreferences(ground, { locations, passes }) };
}
