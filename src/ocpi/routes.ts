import type { Binding } from './binding.ts';
import type { Edition } from './editions.ts';
import { acceptsTokenA, type Endpoint, isFunctional } from './endpoint.ts';
import { getVersionDetails } from './versions/get-version-details.ts';
import { getVersions } from './versions/get-versions.ts';
import type { WireEndpointEntry } from './versions/version.ts';

/** Where an endpoint's module stands below the public URL, the edition in it (TRN-52). One place for each interface, since both use `{session_id}`. */
export function modulePath(endpoint: Endpoint, edition: Edition): string {
  if (endpoint === getVersions) return '/ocpi/versions';
  if (endpoint === getVersionDetails) return `/ocpi/${edition}`;
  if (!isFunctional(endpoint.module)) return `/ocpi/${edition}/${endpoint.module}`;
  return `/ocpi/${edition}/${endpoint.interface.toLowerCase()}/${endpoint.module}`;
}

/** The whole path of a message, its names in braces. */
export const messagePath = (endpoint: Endpoint, edition: Edition): string => [modulePath(endpoint, edition), endpoint.path].filter((it) => it !== '').join('/');

/** What one path answers to. */
export interface ServedPath<P> {
  path: string;
  edition: Edition;
  functional: boolean;
  /** A TOKEN_A opens it. */
  acceptsTokenA: boolean;
  methods: ReadonlyMap<string, Binding<P>>;
}

/** Every path of one edition, each with the methods bound to it. */
export function servedPaths<P>(edition: Edition, bindings: readonly Binding<P>[]): readonly ServedPath<P>[] {
  const paths = Map.groupBy(bindings, (it) => messagePath(it.endpoint, edition));
  return [...paths].map(([path, bound]) => ({
    path,
    edition,
    functional: bound.some((it) => isFunctional(it.endpoint.module)),
    forInvited: bound.every((it) => acceptsTokenA(it.endpoint.module)),
    methods: new Map(bound.map((it) => [it.endpoint.method, it])),
  }));
}

/** What stands in the version details: every module with something bound to it, once for each interface (VER-05, VER-07). */
export function offeredEndpoints<P>(edition: Edition, bindings: readonly Binding<P>[], publicUrl: string): WireEndpointEntry[] {
  const entries = bindings
    .map((it) => it.endpoint)
    .filter((it) => it.module !== 'versions')
    .map((it) => ({ identifier: it.module, role: it.interface, url: publicUrl + modulePath(it, edition) }));
  return [...new Map(entries.map((it) => [`${it.identifier} ${it.role}`, it])).values()];
}

export const allMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
/** What may be said instead, for the Allow header. */
export const otherMethods = <P>(place: ServedPath<P>, than: string): string => [...place.methods.keys()].filter((it) => it !== than).join(', ');
