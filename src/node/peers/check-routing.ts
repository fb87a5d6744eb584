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

type Incoming = Request<Endpoint, KnownPeer>;

/**
 * Wraps a binding with a check of the routing headers: a peer may send only for its own parties, and only to parties of this node
 * (RTE-19, RTE-20, SEC-14). A hub may send only for parties that it has announced (CRE-29).
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
      const parties = partiesOf(roles);
      if (from && !parties.includes(keyFor(from))) {
        security.note({
          kind: 'forged-from',
          peer,
          says: `${peer} sent a request in the name of ${keyFor(from)}, for which it is not registered${isHub(request.peer) ? letIn(peer, keyFor(from)) : ''}`,
        });
        return invalid(`OCPI-from-party-id: found ${keyFor(from)}, allowed: ${parties.slice(0, MAX_NAMED).join(', ')}`);
      }
      if (to && !hosted.includes(keyFor(to))) {
        security.note({ kind: 'foreign-to', peer, says: `${peer} sent a request to ${keyFor(to)}, which is not a party of this node` });
        return invalid(`OCPI-to-party-id: found ${keyFor(to)}, allowed: ${hosted.join(', ')}`);
      }
      const problem = hubRoutingProblem(endpoint, request);
      if (problem !== undefined) return invalid(problem);
      return to ? binding.answer(request) : answerWithOpenRouting(binding, request, context);
    },
  };
}

/** A message through a hub must name its sender, and only lists and modules for everyone may be broadcast (RTE-08, RTE-10, RTE-11). */
function hubRoutingProblem(endpoint: Endpoint, { peer, headers: { from } }: Incoming): string | undefined {
  if (!isHub(peer)) return undefined;
  if (!from) return 'OCPI-from-party-id: missing, needed is the party behind the hub that sends the message';
  if (!isHubItself(peer, from) || endpoint.method === 'GET' || mayBeBroadcast(endpoint)) return undefined;
  return `OCPI-from-party-id: found ${keyFor(from)}, the hub itself, as in a broadcast; ${endpoint.module} are not for everyone, allowed is the party that they belong to`;
}

/** Open routing: the answer names our party that answers (RTE-07). A message through a hub that may be for several of our parties is refused. */
async function answerWithOpenRouting(binding: Binding<KnownPeer>, request: Incoming, context: Pick<Context, 'config' | 'store'>): Promise<Reply<unknown>> {
  // A link between two single parties needs no routing headers (RTE-18).
  if (!request.headers.from) return binding.answer(request);
  const receiver = await receivingPartyOf(context, binding.endpoint, request);
  if (receiver === undefined && isHub(request.peer)) return invalid(`OCPI-to-party-id: missing, needed is one of ${hostedParties(context.config).join(', ')}`);
  return withSender(await binding.answer(request), receiver);
}

const withSender = (reply: Reply<unknown>, party: PartyKey | undefined): Reply<unknown> =>
  party === undefined || reply.from ? reply : { ...reply, from: partyName(party) };

/** Parties in a status message; a hub may speak for thousands. */
const MAX_NAMED = 10;
const keyFor = ({ countryCode, partyId }: PartyName) => partyKey(countryCode, partyId);

/** How the operator lets a party in that a hub does not announce (F-41). */
const letIn = (hub: string, party: PartyKey) => `: evenkeel approve --peer ${hub} --party ${party} --role ROLE lets it in behind the hub`;
