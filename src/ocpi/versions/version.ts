import { type Static, Type } from 'typebox';
import { type Known, looseForm, reading } from '../patience/schema.ts';
import { oneOf, openEnum, Url } from '../scalars.ts';

/** A URL that is no text of OCPI is kept as it is: only what is used of it must be usable. */
const asFound = ({ found }: Known) => (typeof found === 'string' ? found : undefined);

/** Version: an edition that a platform supports and the URL of its details (OCPI 2.2.1 §6.1.2); unknown version numbers are kept (VER-10). */
export const Version = Type.Object({ version: openEnum('2.0', '2.1', '2.1.1', '2.2', '2.2.1', '2.3.0'), url: Url }, reading({ url: asFound }));
/** A version as it is sent over OCPI. */
export type WireVersion = Static<typeof Version>;

/** Credentials have no interface role: it is not looked at (VER-06). */
const roleOfCredentials = ({ siblings: { identifier } }: Known) =>
  typeof identifier === 'string' && looseForm(identifier) === 'CREDENTIALS' ? 'SENDER' : undefined;

/** Endpoint: one interface of one module and its URL; unknown modules are kept (OCPI 2.2.1 §6.2.2, VER-10). */
export const EndpointEntry = Type.Object(
  {
    identifier: openEnum('cdrs', 'chargingprofiles', 'commands', 'credentials', 'hubclientinfo', 'locations', 'sessions', 'tariffs', 'tokens'),
    role: oneOf('SENDER', 'RECEIVER'),
    url: Url,
  },
  reading({ role: roleOfCredentials, url: asFound }),
);
/** An endpoint of the version details as it is sent over OCPI. */
export type WireEndpointEntry = Static<typeof EndpointEntry>;

/** Version details: all endpoints of a platform in one edition (OCPI 2.2.1 §6.2.1). */
export const VersionDetail = Type.Object(
  { version: openEnum('2.0', '2.1', '2.1.1', '2.2', '2.2.1', '2.3.0'), endpoints: Type.Array(EndpointEntry) },
  reading({ endpoints: [] }),
);
/** Version details as they are sent over OCPI. */
export type WireVersionDetail = Static<typeof VersionDetail>;
