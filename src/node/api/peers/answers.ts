import { asPartyKey, fold, type PartyKey, type PeerId } from '../../../domain/ids.ts';
import { ok, type Result } from '../../../domain/result.ts';
import type { KnownPeers } from '../../core/known-peers.ts';
import type { PatienceCounts } from '../../core/patience-counts.ts';
import type { Registration } from '../../peers/registration.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { type AnsweredRoute, answerRoute } from '../route.ts';
import { findPeer, type PeerOperations, viewPeer } from './operations.ts';
import { addPeer, approveParty, getPeer, listPeers, rotatePeer, unregisterPeer } from './routes.ts';

interface Dependencies {
  /** Approves the claims of a peer to a party. */
  approve(peer: PeerId, party: PartyKey): Promise<Result<PeerId>>;
  operations: PeerOperations;
  peers: KnownPeers;
  registration: Registration;
  patience: PatienceCounts;
}

export function peerAnswers({ operations, peers, approve, ...dependencies }: Dependencies): readonly AnsweredRoute[] {
  const { registration } = dependencies;
  /** Runs a change of a known peer. */
  const change = async <T>(name: string, run: (id: PeerId) => Promise<Result<T>>): Promise<Result<T, Refusal>> => {
    const found = await findPeer(peers, name);
    return found.ok ? notPossible(await run(found.value.id)) : found;
  };
  return [
    answerRoute(listPeers, async () => ok({ items: await operations.peers() })),
    answerRoute(getPeer, ({ params }) => operations.peer(params.peer)),
    answerRoute(
      addPeer,
      async ({ body }) => {
        if ('token' in body) {
          const registered = notPossible(await registration.register(body.versions_url, body.token));
          return registered.ok ? ok({ registered: viewPeer(dependencies, registered.value) }) : registered;
        }
        const token = notPossible(await registration.invite(body));
        return token.ok ? ok({ invited: { party: partyOf(body), token: token.value, versions_url: registration.ourCredentials('').url } }) : token;
      },
      ({ body }) =>
        'token' in body ? { says: `registers at ${new URL(body.versions_url).origin}` } : { subject: partyOf(body), says: `invites as ${body.role}` },
    ),
    answerRoute(rotatePeer, async ({ params }) => {
      const rotated = await change(params.peer, (id) => registration.rotate(id));
      return rotated.ok ? ok(viewPeer(dependencies, rotated.value)) : rotated;
    }),
    answerRoute(
      approveParty,
      async ({ params }) => {
        const approved = await change(params.peer, (id) => approve(id, asPartyKey(fold(params.party))));
        if (!approved.ok) return approved;
        const peer = await findPeer(peers, approved.value);
        return peer.ok ? ok(viewPeer(dependencies, peer.value)) : peer;
      },
      ({ params }) => ({ subject: params.peer, says: `as ${fold(params.party)}` }),
    ),
    answerRoute(unregisterPeer, async ({ params }) => {
      const ended = await change(params.peer, (id) => registration.unregister(id));
      return ended.ok ? ok({ told: ended.value === 'told' }) : ended;
    }),
  ];
}

const notPossible = <T>(result: Result<T>): Result<T, Refusal> => (result.ok ? result : refuse(409, 'NOT_POSSIBLE', result.problem));
const partyOf = ({ country_code, party_id }: { country_code: string; party_id: string }) => fold(`${country_code}*${party_id}`);
