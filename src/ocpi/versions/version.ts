import { type Static, Type } from 'typebox';
import { oneOf, openEnum, Url } from '../scalars.ts';

/** An edition that a platform speaks, and where its details are (OCPI 2.2.1 §6.1.2); unknown numbers are kept (VER-10). */
export const Version = Type.Object({ version: openEnum('2.0', '2.1', '2.1.1', '2.2', '2.2.1', '2.3.0'), url: Url });
export type WireVersion = Static<typeof Version>;

/** One interface of one module, and where it is; unknown modules are kept (OCPI 2.2.1 §6.2.2, VER-10). */
export const EndpointEntry = Type.Object({
  identifier: openEnum('cdrs', 'chargingprofiles', 'commands', 'credentials', 'hubclientinfo', 'locations', 'sessions', 'tariffs', 'tokens'),
  role: oneOf('SENDER', 'RECEIVER'),
  url: Url,
});
export type WireEndpointEntry = Static<typeof EndpointEntry>;

/** Everything that a platform offers in one edition (OCPI 2.2.1 §6.2.1). */
export const VersionDetail = Type.Object({ version: openEnum('2.0', '2.1', '2.1.1', '2.2', '2.2.1', '2.3.0'), endpoints: Type.Array(EndpointEntry) });
export type WireVersionDetail = Static<typeof VersionDetail>;
