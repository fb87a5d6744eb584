import { type PartyKey, partyKey, partyName } from '../../domain/ids.ts';
import { partiesOf } from '../../domain/party.ts';
import type { Binding, Request } from '../../ocpi/binding.ts';
import { type Endpoint, isFunctional, mayBeBroadcast } from '../../ocpi/endpoint.ts';
import { invalid, type Reply } from '../../ocpi/envelope.ts';
import type { PartyName } from '../../ocpi/headers.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { isHub, isHubItself } from './hub-parties.ts';
import { receivingPartyOf } from './receiving-party.ts';

type Asked = Request<Endpoint, KnownPeer>;

/**
 * A platform speaks only for parties that it registered, and to parties of ours (RTE-19, RTE-20, SEC-14). A party that a hub
 * brings along without having announced it is nobody here (CRE-29).
 */
export function checkRouting(binding: Binding<KnownPeer>, context: Pick<Context, 'config' | 'security' | 'store'>): Binding<KnownPeer> {
  const { endpoint } = binding;
  if (!isFunctional(endpoint.module)) return binding;
  const { config, security } = context;
  const hosted = hostedParties(config);
  return {
    endpoint,
    answer: async (request) => {
      const { from, to } = request.headers;
      const { id: peer, roles } = request.peer;
      const theirs = partiesOf(roles);
      if (from && !theirs.includes(keyFor(from))) {
        security.note({ kind: 'forged-from', peer, says: `${peer} spoke in the name of ${keyFor(from)}, for whom it does not speak` });
        return invalid(`OCPI-from-party-id: found ${keyFor(from)}, allowed: ${theirs.slice(0, MOST_NAMED).join(', ')}`);
      }
      if (to && !hosted.includes(keyFor(to))) {
        security.note({ kind: 'foreign-to', peer, says: `${peer} spoke to ${keyFor(to)}, who is not here` });
        return invalid(`OCPI-to-party-id: found ${keyFor(to)}, allowed: ${hosted.join(', ')}`);
      }
      const strange = strangeOfHub(endpoint, request);
      if (strange !== undefined) return invalid(strange);
      return to ? binding.answer(request) : answerOpenly(binding, request, context);
    },
  };
}

/** A hub speaks for many: each message of one says for whom; and what is meant for one party does not come to all (RTE-08, RTE-10, RTE-11). */
function strangeOfHub(endpoint: Endpoint, { peer, headers: { from } }: Asked): string | undefined {
  if (!isHub(peer)) return undefined;
  if (!from) return 'OCPI-from-party-id: missing, needed is the party behind the hub that the message is from';
  if (!isHubItself(peer, from) || endpoint.method === 'GET' || mayBeBroadcast(endpoint)) return undefined;
  return `OCPI-from-party-id: found ${keyFor(from)}, the hub itself, as in a broadcast; ${endpoint.module} are not for everyone, allowed is the party they are of`;
}

/** Open routing: the answer names the party that it is from (RTE-07). A hub's message that could be for several of ours, and does not say, is refused. */
async function answerOpenly(binding: Binding<KnownPeer>, request: Asked, context: Pick<Context, 'config' | 'store'>): Promise<Reply<unknown>> {
  // A link without any of these headers is one of two parties that need none (RTE-18).
  if (!request.headers.from) return binding.answer(request);
  const addressee = await receivingPartyOf(context, binding.endpoint, request);
  if (addressee === undefined && isHub(request.peer)) return invalid(`OCPI-to-party-id: missing, needed is one of ${hostedParties(context.config).join(', ')}`);
  return named(await binding.answer(request), addressee);
}

const named = (reply: Reply<unknown>, party: PartyKey | undefined): Reply<unknown> =>
  party === undefined || reply.from ? reply : { ...reply, from: partyName(party) };

/** A message is short; a hub may speak for thousands. */
const MOST_NAMED = 10;
const keyFor = ({ countryCode, partyId }: PartyName) => partyKey(countryCode, partyId);
