import { partyKey } from '../../domain/ids.ts';
import type { Binding } from '../../ocpi/binding.ts';
import { acceptsTokenA } from '../../ocpi/endpoint.ts';
import { tooMany } from '../../ocpi/envelope.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import type { MessageRates } from './message-rates.ts';

/**
 * Wraps a binding with the rate limit for the messages of each party to each module. Requests about profiles have limits of
 * their own, whose answer is TOO_OFTEN (CP-09).
 */
export function limitMessages(binding: Binding<KnownPeer>, rates: MessageRates): Binding<KnownPeer> {
  const { module, interface: side } = binding.endpoint;
  if (acceptsTokenA(module) || (module === 'chargingprofiles' && side === 'RECEIVER')) return binding;
  return {
    endpoint: binding.endpoint,
    answer: async (request) => {
      const { from } = request.headers;
      const wait = rates.waitFor({ peer: request.peer.id, party: from && partyKey(from.countryCode, from.partyId), module });
      return wait === 0 ? binding.answer(request) : tooMany(`${module}: found more messages than this node takes from one party; the next in ${wait} s`, wait);
    },
  };
}
