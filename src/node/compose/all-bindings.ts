import type { Binding } from '../../ocpi/binding.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { credentialsBindings } from '../handlers/credentials-bindings.ts';
import { hubBindings } from '../handlers/hub-bindings.ts';
import { locationReceiverBindings, locationSenderBindings } from '../handlers/location-bindings.ts';
import { preferenceReceiverBindings, preferenceSenderBindings } from '../handlers/preference-bindings.ts';
import { profileReceiverBindings, profileSenderBindings } from '../handlers/profile-bindings.ts';
import { sessionReceiverBindings, sessionSenderBindings } from '../handlers/session-bindings.ts';
import { checkRouting } from '../peers/check-routing.ts';
import { limitMessages } from '../peers/limit-messages.ts';
import { MessageRates } from '../peers/message-rates.ts';
import { awaitRegistration } from '../peers/pending-registrations.ts';
import type { Roles } from './compose.ts';

/** All OCPI endpoints that the roles of this node offer to peers, with a check of the routing headers and a limit of messages. */
export function bindingsOf(context: Context, { registration, hubs, services, cpo, remote, tokens, scsp }: Roles): readonly Binding<KnownPeer>[] {
  const rates = new MessageRates(context);
  const takesProfiles = cpo !== undefined || remote?.relay !== undefined;
  return [
    ...credentialsBindings(registration),
    ...(takesProfiles ? sessionSenderBindings(context, services.readers) : []),
    ...(takesProfiles ? profileReceiverBindings(context, { requests: cpo?.requests, relay: remote?.relay }) : []),
    ...hubBindings(context, hubs),
    ...(cpo ? [...locationSenderBindings(cpo.locations), ...preferenceSenderBindings(cpo.preferences)] : []),
    ...(remote ? [...sessionReceiverBindings(remote.sessions), ...profileSenderBindings(context, remote), ...locationReceiverBindings(remote.locations)] : []),
    ...(remote && scsp ? preferenceReceiverBindings(remote.sessions, scsp) : []),
    ...tokens.bindings,
  ].map((binding) => awaitRegistration(checkRouting(limitMessages(binding, rates), context), context, registration.pending));
}
