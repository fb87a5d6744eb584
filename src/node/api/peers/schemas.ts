import { type Static, Type } from 'typebox';
import { PEER_STATES } from '../../../domain/party.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import { ContractView } from '../agreements/schemas.ts';
import { OutcomeOrOpen } from '../exchanges/outcome.ts';
import { Count, Moment, Party } from '../fields.ts';

/** One kind of deviation, how often it was seen, and the first example without ids and secrets; docs/partners.md explains the kinds. */
export const PatienceView = Type.Object({
  kind: Type.String(),
  count: Count,
  first_at: Moment,
  last_at: Moment,
  message: Type.String({ description: 'such as put-session' }),
  field: Type.String({ description: 'such as evses[0].status' }),
  found: Type.String(),
});
export type PatienceView = Static<typeof PatienceView>;

/** A peer without its tokens. */
export const PeerView = Type.Object({
  id: Type.String(),
  status: oneOf(...PEER_STATES),
  edition: Type.Optional(Type.String()),
  roles: Type.Array(Type.Object({ role: Type.String(), country_code: Type.String(), party_id: Type.String(), name: Type.String() })),
  modules: Type.Array(Type.Object({ identifier: Type.String(), role: Type.String(), url: Type.String() })),
  registered_at: Type.Optional(Moment),
  strict: Type.Boolean({ description: 'what it sends against OCPI is refused (strict_peers)' }),
  patience: Type.Array(PatienceView, { description: 'what it sends against OCPI and is read all the same, since the start of the node' }),
});
export type PeerView = Static<typeof PeerView>;

/** A peer with what an operator needs to find a fault: addresses, contracts, outcomes and request rates. */
export const PeerDetail = Type.Object({
  ...PeerView.properties,
  status: oneOf(...PEER_STATES),
  versions_url: Type.Optional(Type.String()),
  origins: Type.Array(Type.String()),
  contracts: Type.Array(ContractView),
  consents: Count,
  halted: Type.Array(Party),
  outcomes: Type.Array(Type.Object({ kind: Type.String(), outcome: OutcomeOrOpen, count: Count }), { description: 'of the last 24 h' }),
  rate: Type.Object({ last_minute: Count, last_hour: Count }, { description: 'number of accepted exchanges' }),
});
export type PeerDetail = Static<typeof PeerDetail>;
