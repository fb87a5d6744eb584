import { fold } from '../../domain/ids.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import type { Encryption } from '../../store/encryption.ts';
import type { Config } from '../config/config.ts';

type Entries = NonNullable<Config['locations'][number]['publish_allowed_to']>;
type Allowed = NonNullable<WireLocation['publish_allowed_to']>;

/** The tokens that may see an unpublished location, as the store keeps them: as pseudonyms, because they identify drivers. */
export const hideTokens = (encryption: Encryption, entries: Entries): Allowed =>
  entries.map((it) => ({ group_id: encryption.pseudonym('publish_allowed_to', JSON.stringify(it)) }));

/** A location as peers get it, with the tokens of the configuration in place of their pseudonyms. */
export function revealTokens({ locations }: Pick<Config, 'locations'>, location: WireLocation): WireLocation {
  if (location.publish_allowed_to === undefined) return location;
  const { publish_allowed_to: _, ...rest } = location;
  const entries = locations.find((it) => fold(it.id) === fold(location.id))?.publish_allowed_to;
  return entries ? { ...rest, publish_allowed_to: [...entries] } : rest;
}
