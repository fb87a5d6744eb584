import type { PeerId } from '../../domain/ids.ts';
import { hasRole } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import { type AllPulls, combinePulls } from '../peers/pulls.ts';
import { RelayedProfiles } from '../relay/push-relayed-profile.ts';
import { Relay } from '../relay/relay.ts';
import { createRelayResults, type RelayResults } from '../relay/relay-results.ts';
import { createPreferenceSender, type PreferenceSender } from '../relay/send-preferences.ts';
import { createLocationPulls } from '../remote/pull-locations.ts';
import { createSessionPulls } from '../remote/pull-sessions.ts';
import { RemoteLocations } from '../remote/remote-locations.ts';
import { RemoteSessions } from '../remote/remote-sessions.ts';
import { createRequestSender, type RequestSender } from '../remote/send-request.ts';
import type { SharedServices } from './shared-services.ts';

/** The parts of an eMSP or an SCSP: sessions and locations of other platforms, and the requests that it sends. */
export interface Remote {
  sessions: RemoteSessions;
  locations: RemoteLocations;
  sender: RequestSender;
  pulls: AllPulls;
  /** Only at an eMSP: SCSPs control the sessions of its customers through it. */
  relay: Relay | undefined;
  results: RelayResults | undefined;
  profiles: RelayedProfiles | undefined;
  preferences: PreferenceSender | undefined;
}

/** Creates the parts of an eMSP or an SCSP and connects them. */
export function composeRemote(context: Context, { deliveries, sessionPushes, preferenceForwards, agreements, rateLimits, refusals }: SharedServices): Remote {
  const relays = hasRole(context.config, 'EMSP');
  const sessions = new RemoteSessions(context, {
    markStale: (peer: PeerId) => sessionPulls.markStale(peer),
    changed: (key) => relays && sessionPushes.changed(key),
  });
  const locations = new RemoteLocations(context, (peer) => locationPulls.markStale(peer));
  const sessionPulls = createSessionPulls(context, sessions);
  const locationPulls = createLocationPulls(context, locations);
  const pulls = combinePulls([sessionPulls, locationPulls]);
  const profiles = relays ? new RelayedProfiles(context) : undefined;
  const sender = createRequestSender(context, { activeProfileReceived: (session) => profiles?.changed(session) });
  if (!relays) return { sessions, locations, sender, pulls, relay: undefined, results: undefined, profiles, preferences: undefined };
  const relay: Relay = new Relay(context, { ...agreements, rateLimits, refusals, answerRecorded: (exchange) => results.answerRecorded(exchange) });
  const results: RelayResults = createRelayResults(context, {
    partnersOf: agreements.partnersOf,
    relay,
    deliver: (exchange) => deliveries.deliver(exchange),
  });
  return {
    sessions,
    locations,
    sender,
    pulls,
    relay,
    results,
    profiles,
    preferences: createPreferenceSender(context, { locations, forwards: preferenceForwards }),
  };
}
