import { partyKey } from '../domain/ids.ts';
import { keyOf, partiesOf } from '../domain/party.ts';
import type { Binding } from '../ocpi/binding.ts';
import { isFunctional } from '../ocpi/endpoint.ts';
import { invalid } from '../ocpi/envelope.ts';
import type { PartyName } from '../ocpi/headers.ts';
import type { Ground } from './ground.ts';
import type { KnownPeer } from './peers.ts';

/**
 * A platform speaks only for parties that it registered, and to parties of ours (RTE-19, RTE-20, SEC-14). A party that a hub
 * brings along without having announced it is nobody here (CRE-29).
 */
export function checkRouting(binding: Binding<KnownPeer>, { config, security }: Pick<Ground, 'config' | 'security'>): Binding<KnownPeer> {
  if (!isFunctional(binding.endpoint.module)) return binding;
  const hosted = config.parties.map(keyOf);
  return {
    endpoint: binding.endpoint,
    answer: async (request) => {
      const { from, to } = request.headers;
      const { id: peer, roles } = request.peer;
      const theirs = partiesOf(roles);
      if (from && !theirs.includes(keyFor(from))) {
        security.note({ kind: 'forged-from', peer, says: `${peer} spoke in the name of ${keyFor(from)}, for whom it does not speak` });
        return invalid(`OCPI-from-party-id: found ${keyFor(from)}, allowed: ${theirs.join(', ')}`);
      }
      if (to && !hosted.includes(keyFor(to))) {
        security.note({ kind: 'foreign-to', peer, says: `${peer} spoke to ${keyFor(to)}, who is not here` });
        return invalid(`OCPI-to-party-id: found ${keyFor(to)}, allowed: ${hosted.join(', ')}`);
      }
      return binding.answer(request);
    },
  };
}

const keyFor = ({ countryCode, partyId }: PartyName) => partyKey(countryCode, partyId);
