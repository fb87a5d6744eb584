import { type Binding, bind } from '../binding.ts';
import type { Edition } from '../editions.ts';
import { success } from '../envelope.ts';
import { modulePath, offeredEndpoints } from '../routes.ts';
import { getVersionDetails } from './get-version-details.ts';
import { getVersions } from './get-versions.ts';

/** What a server offers, which is what the versions module tells. */
export interface ServerOffer<P> {
  editions: readonly Edition[];
  bindings: readonly Binding<P>[];
  publicUrl: () => string;
}

/** Versions and version details, answered from what is bound; cheap and without effect, since hubs use them as a probe (VER-14). */
export const versionBindings = <P>({ editions, bindings, publicUrl }: ServerOffer<P>): readonly Binding<P>[] => [
  bind<P, typeof getVersions>(getVersions, async () =>
    success(editions.map((version) => ({ version, url: publicUrl() + modulePath(getVersionDetails, version) }))),
  ),
  bind<P, typeof getVersionDetails>(getVersionDetails, async ({ edition }) =>
    success({ version: edition, endpoints: offeredEndpoints(edition, bindings, publicUrl()) }),
  ),
];
