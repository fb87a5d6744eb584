import { type Static, Type } from 'typebox';
import { ok } from '../../domain/result.ts';
import { inEdition } from '../../ocpi/editions.ts';
import type { WireEvse } from '../../ocpi/locations/evse.ts';
import { Location, type WireLocation } from '../../ocpi/locations/location.ts';
import { newestLocations, type StoredLocation } from '../../store/sql/location.ts';
import { evsesOfNewestLocations } from '../../store/sql/location-evse.ts';
import type { Context } from '../core/context.ts';
import { wholeLocations } from '../core/stored-locations.ts';
import { Seq } from './fields.ts';
import { Before, DEFAULT_LIMIT, Limit, NEWEST, nextOf, type Page, type PageRequest, pageOf } from './lists.ts';
import { type AnsweredRoute, answerRoute, queryRoute } from './route.ts';

/** A location of our own charge points, or a remote location that a peer sent. */
export const LocationView = Type.Object({
  key: Type.String({ description: 'country code, party id and location id, in capitals: NL*EVK*…' }),
  seq: Seq,
  side: Type.Unsafe<'own' | 'foreign'>({ type: 'string', enum: ['own', 'foreign'], description: 'own: with charge points of this node' }),
  peer: Type.Optional(Type.String({ description: 'the peer that sent it' })),
  told: Type.Optional(
    Type.Unsafe<'ALL' | 'CONTRACTS' | 'NOBODY'>({
      type: 'string',
      enum: ['ALL', 'CONTRACTS', 'NOBODY'],
      description: 'of our own: the peers that are told of it. CONTRACTS: those with a contract for it, since it is private; NOBODY: it is not described',
    }),
  ),
  location: Type.Unsafe<WireLocation>({ ...inEdition(Location, '2.3.0'), description: 'the OCPI Location (§8.3.1)' }),
});
export type LocationView = Static<typeof LocationView>;

export const listLocations = queryRoute({
  name: 'list-locations',
  summary: 'Locations of our own charge points and those that peers sent, newest first.',
  path: 'locations',
  query: Type.Object({ limit: Limit, before: Before }),
  answer: pageOf(LocationView),
});

/** What an operator reads about locations. */
export interface LocationOperations {
  locations(which?: PageRequest): Promise<Page<LocationView>>;
}

export const locationOperations = ({ store }: Pick<Context, 'store'>): LocationOperations => ({
  locations: async ({ limit = DEFAULT_LIMIT, before = NEWEST } = {}) => {
    const stored = await wholeLocations(store, newestLocations<WireLocation>(before, limit), evsesOfNewestLocations<WireEvse>(before, limit));
    return { items: stored.map(viewLocation), ...nextOf(stored, limit, 0) };
  },
});

export const locationAnswers = (operations: LocationOperations): readonly AnsweredRoute[] => [
  answerRoute(listLocations, async ({ query }) => ok(await operations.locations(query))),
];

const viewLocation = ({ key, seq, peer, body, audience }: StoredLocation<WireLocation>): LocationView => ({
  key,
  seq,
  side: peer === undefined ? 'own' : 'foreign',
  ...(peer === undefined ? { told: audience } : { peer }),
  location: body,
});
