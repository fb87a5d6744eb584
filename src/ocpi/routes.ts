import type { Binding } from './binding.ts';
import type { Edition } from './editions.ts';
import { acceptsTokenA, type Endpoint, isFunctional } from './endpoint.ts';
import { getVersionDetails } from './versions/get-version-details.ts';
import { getVersions } from './versions/get-versions.ts';
import type { WireEndpointEntry } from './versions/version.ts';

/** The path of an endpoint's module below the public URL, with the edition (TRN-52). The interfaces have separate paths, because both use `{session_id}`. */
export function modulePath(endpoint: Endpoint, edition: Edition): string {
  if (endpoint === getVersions) return '/ocpi/versions';
  if (endpoint === getVersionDetails) return `/ocpi/${edition}`;
  if (!isFunctional(endpoint.module)) return `/ocpi/${edition}/${endpoint.module}`;
  return `/ocpi/${edition}/${endpoint.interface.toLowerCase()}/${endpoint.module}`;
}

/** The whole path of an endpoint, with its parameter names in braces. */
export const messagePath = (endpoint: Endpoint, edition: Edition): string => [modulePath(endpoint, edition), endpoint.path].filter((it) => it !== '').join('/');

/** One path of a server, with the binding of each method. */
export interface ServedPath<P> {
  path: string;
  edition: Edition;
  /** It belongs to a functional module, so its messages carry routing headers. */
  functional: boolean;
  /** A TOKEN_A may be used here (TRN-09). */
  acceptsTokenA: boolean;
  methods: ReadonlyMap<string, Binding<P>>;
}

/** All paths of one edition, each with the methods that are bound to it. */
export function servedPaths<P>(edition: Edition, bindings: readonly Binding<P>[]): readonly ServedPath<P>[] {
  const paths = Map.groupBy(bindings, (it) => messagePath(it.endpoint, edition));
  return [...paths].map(([path, bound]) => ({
    path,
    edition,
    functional: bound.some((it) => isFunctional(it.endpoint.module)),
    acceptsTokenA: bound.every((it) => acceptsTokenA(it.endpoint.module)),
    methods: new Map(bound.map((it) => [it.endpoint.method, it])),
  }));
}

/** The endpoints of the version details: each module that has a binding, once for each interface (VER-05, VER-07). */
export function offeredEndpoints<P>(edition: Edition, bindings: readonly Binding<P>[], publicUrl: string): WireEndpointEntry[] {
  const entries = bindings
    .map((it) => it.endpoint)
    .filter((it) => it.module !== 'versions')
    .map((it) => ({ identifier: it.module, role: it.interface, url: publicUrl + modulePath(it, edition) }));
  return [...new Map(entries.map((it) => [`${it.identifier} ${it.role}`, it])).values()];
}

/** All methods that a route must answer; those without a binding get 405. */
export const allMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
/** The methods of a path except `refused`, for the Allow header. */
export const otherMethods = <P>(served: ServedPath<P>, refused: string): string => [...served.methods.keys()].filter((it) => it !== refused).join(', ');
