import type { Binding } from '../../ocpi/binding.ts';
import type { Ground } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { credentialsBindings, emspBindings, profileReceiverBindings, sessionSenderBindings } from '../handlers/bindings.ts';
import { hubBindings } from '../handlers/hub-bindings.ts';
import { locationReceiverBindings, locationSenderBindings } from '../handlers/location-bindings.ts';
import { preferenceReceiverBindings, preferenceSenderBindings } from '../handlers/preference-bindings.ts';
import { checkRouting } from '../peers/check-routing.ts';
import type { Roles } from './compose.ts';

/** All that the roles of this node offer to peers. */
export function bindingsOf(ground: Ground, { registration, hubs, footing, cpo, emsp, tokens, scsp }: Roles): readonly Binding<KnownPeer>[] {
  const steered = cpo !== undefined || emsp?.relay !== undefined;
  return [
    ...credentialsBindings(registration),
    ...(steered ? sessionSenderBindings(ground, footing.readers) : []),
    ...(steered ? profileReceiverBindings(ground, { desk: cpo?.desk, relay: emsp?.relay }) : []),
    ...hubBindings(ground, hubs),
    ...(cpo ? [...locationSenderBindings(cpo.locations), ...preferenceSenderBindings(cpo.preferences)] : []),
    ...(emsp ? [...emspBindings(ground, emsp), ...locationReceiverBindings(emsp.locations)] : []),
    ...(emsp && scsp ? preferenceReceiverBindings(emsp.sessions, scsp) : []),
    ...tokens.bindings,
  ].map((binding) => checkRouting(binding, ground));
}
