import { Type } from 'typebox';
import { Config } from '../../config/config.ts';
import { listOf } from '../lists.ts';
import { adminRoute, nothing, readRoute } from '../route.ts';
import { PeerDetail, PeerView } from './schemas.ts';

export const listPeers = readRoute({
  name: 'list-peers',
  summary: 'The peers: platforms that this node is registered with, or has invited.',
  path: 'peers',
  answer: listOf(PeerView),
});

export const getPeer = readRoute({
  name: 'get-peer',
  summary: 'One peer with its contracts and the outcomes of its requests.',
  path: 'peers/{peer}',
  answer: PeerDetail,
});

const InvitationBody = Type.Object(
  {
    role: Config.properties.parties.items.properties.role,
    country_code: Type.String({ pattern: '^[A-Za-z]{2}$' }),
    party_id: Type.String({ pattern: '^[A-Za-z0-9]{3}$' }),
  },
  { additionalProperties: false },
);
const RegistrationBody = Type.Object(
  { versions_url: Type.String({ pattern: '^https?://', maxLength: 255 }), token: Type.String({ minLength: 1, maxLength: 64, description: 'TOKEN_A' }) },
  { additionalProperties: false },
);

export const addPeer = adminRoute({
  name: 'add-peer',
  summary: 'Invites a party: the answer holds a TOKEN_A, which is shown once. Or registers at a platform with the TOKEN_A that it issued.',
  method: 'POST',
  path: 'peers',
  body: Type.Union([InvitationBody, RegistrationBody]),
  answer: Type.Union([
    Type.Object({ invited: Type.Object({ party: Type.String(), token: Type.String(), versions_url: Type.String() }) }),
    Type.Object({ registered: PeerView }),
  ]),
});

export const rotatePeer = adminRoute({
  name: 'rotate-peer',
  summary: 'Exchanges new tokens with a peer, in both directions.',
  method: 'POST',
  path: 'peers/{peer}/rotate',
  body: nothing,
  answer: PeerView,
});

export const approveParty = adminRoute({
  name: 'approve-party',
  summary: 'Lets a peer speak for a party that it claims, in each role that nobody else has.',
  method: 'POST',
  path: 'peers/{peer}/claims/{party}/approve',
  body: nothing,
  answer: PeerView,
});

export const unregisterPeer = adminRoute({
  name: 'unregister-peer',
  summary: 'Ends the registration with a peer. told: the peer was informed.',
  method: 'POST',
  path: 'peers/{peer}/unregister',
  body: nothing,
  answer: Type.Object({ told: Type.Boolean() }),
});
