import { type Binding, bind } from '../../ocpi/binding.ts';
import { invalid, page, type Reply } from '../../ocpi/envelope.ts';
import type { WireEvse } from '../../ocpi/locations/evse.ts';
import { getConnector, getEvse, getLocation } from '../../ocpi/locations/get-location.ts';
import { getLocations } from '../../ocpi/locations/get-locations.ts';
import { patchConnector, patchEvse, patchLocation } from '../../ocpi/locations/patch-location.ts';
import { putConnector, putEvse, putLocation } from '../../ocpi/locations/put-location.ts';
import { readBackConnector, readBackEvse, readBackLocation } from '../../ocpi/locations/read-back-location.ts';
import { nameMismatch } from '../../ocpi/name-mismatch.ts';
import * as receive from '../../roles/emsp/receive-location.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import type { OwnLocations } from '../cpo/own-locations.ts';
import type { LocationName, LocationOutcome, RemoteLocations } from '../remote/remote-locations.ts';
import { dateWindow } from './date-window.ts';
import { found, invalidIf, replyTo as replyToOutcome } from './reply.ts';

type Bound = readonly Binding<KnownPeer>[];

/** Most locations on one page: a location may have many EVSEs (TRN-21). */
const MOST_ON_A_PAGE = 100;

/** The Sender interface of a CPO: its locations, for the peers that are told of them. */
export const locationSenderBindings = (locations: OwnLocations): Bound => [
  bind(getLocations, async ({ peer, query }) => {
    const { items, total } = await locations.page(dateWindow(query, MOST_ON_A_PAGE), peer.id);
    return page(items, { query, total });
  }),
  bind(getLocation, async ({ peer, params }) => found(await locations.find(params.location_id, peer.id))),
  bind(getEvse, async ({ peer, params }) => found(await locations.findEvse(params.location_id, params.evse_uid, peer.id))),
  bind(getConnector, async ({ peer, params }) => found(connectorOf(await locations.findEvse(params.location_id, params.evse_uid, peer.id), params))),
];

/** The Receiver interface of an eMSP or SCSP: takes the locations of CPOs. */
export const locationReceiverBindings = (locations: RemoteLocations): Bound => [
  bind(readBackLocation, async ({ peer, params }) => found(await locations.find(peer, params))),
  bind(readBackEvse, async ({ peer, params }) => found(await locations.findEvse(peer, params))),
  bind(readBackConnector, async ({ peer, params }) => found(connectorOf(await locations.findEvse(peer, params), params))),
  bind(
    putLocation,
    async ({ peer, params, body }) =>
      misnamedLocation(params, body) ?? replyTo(await locations.receive(peer, params, (held) => receive.putLocation(held, body))),
  ),
  bind(
    putEvse,
    async ({ peer, params, body }) =>
      misnamed('uid', params.evse_uid, body.uid) ?? replyTo(await locations.receive(peer, params, (held) => receive.putEvse(held, body))),
  ),
  bind(
    putConnector,
    async ({ peer, params, body }) =>
      misnamed('id', params.connector_id, body.id) ?? replyTo(await locations.receive(peer, params, (held) => receive.putConnector(held, params, body))),
  ),
  bind(
    patchLocation,
    async ({ peer, params, body }) =>
      misnamedLocation(params, body) ?? replyTo(await locations.receive(peer, params, (held) => receive.patchLocation(held, body))),
  ),
  bind(
    patchEvse,
    async ({ peer, params, body }) =>
      misnamed('uid', params.evse_uid, body.uid) ?? replyTo(await locations.receive(peer, params, (held) => receive.patchEvse(held, params, body))),
  ),
  bind(
    patchConnector,
    async ({ peer, params, body }) =>
      misnamed('id', params.connector_id, body.id) ?? replyTo(await locations.receive(peer, params, (held) => receive.patchConnector(held, params, body))),
  ),
];

const connectorOf = (evse: WireEvse | undefined, { connector_id }: receive.ConnectorName) => evse && receive.connectorIn(evse, connector_id);
const misnamed = (field: string, inUrl: string, inBody: string | undefined) => invalidIf(nameMismatch([[field, inUrl, inBody]]));
const misnamedLocation = (params: LocationName, body: { country_code?: string; party_id?: string; id?: string }) =>
  invalidIf(
    nameMismatch([
      ['country_code', params.country_code, body.country_code],
      ['party_id', params.party_id, body.party_id],
      ['id', params.location_id, body.id],
    ]),
  );

const replyTo = (outcome: LocationOutcome): Reply<never> =>
  outcome === 'too large' ? invalid('evses: found more than one location can hold here, allowed: 1 MiB of JSON in all') : replyToOutcome(outcome);
