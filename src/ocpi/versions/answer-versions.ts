import { type Binding, bind } from '../binding.ts';
import type { Edition } from '../editions.ts';
import { success } from '../envelope.ts';
import { modulePath, offeredEndpoints } from '../routes.ts';
import { getVersionDetails } from './get-version-details.ts';
import { getVersions } from './get-versions.ts';

/** The editions and bindings of a server, from which the versions module is answered. */
export interface ServerOffer<P> {
  editions: readonly Edition[];
  bindings: readonly Binding<P>[];
  publicUrl: () => string;
}

/** Bindings of the versions module, answered from the other bindings; without side effects, because hubs use them as a health check (VER-14). */
export const versionBindings = <P>({ editions, bindings, publicUrl }: ServerOffer<P>): readonly Binding<P>[] => [
  bind<P, typeof getVersions>(getVersions, async () =>
    success(editions.map((version) => ({ version, url: publicUrl() + modulePath(getVersionDetails, version) }))),
  ),
  bind<P, typeof getVersionDetails>(getVersionDetails, async ({ edition }) =>
    success({ version: edition, endpoints: offeredEndpoints(edition, bindings, publicUrl()) }),
  ),
];
