// What the page shows is what the door says: its types come from the door's own words, and nothing but types.
import type { EventView } from '../../../src/node/api/events/schemas.ts';
import type { ExchangeView } from '../../../src/node/api/exchanges/schemas.ts';
import type { LocationView } from '../../../src/node/api/locations.ts';
import type { PeerView } from '../../../src/node/api/peers/schemas.ts';
import type { HistoryEntry, SessionView } from '../../../src/node/api/sessions/schemas.ts';
import type { StationView } from '../../../src/node/api/stations/schemas.ts';

export type { EventView, ExchangeView, HistoryEntry, LocationView, PeerView, SessionView, StationView };

/** A part of a list, newest first; `next` asks for what is older. */
export interface Listed<T> {
  items: T[];
  next?: number;
}

/** A charging profile as OCPI writes it: limits in W in all, or in A per phase. */
export type Profile = NonNullable<ExchangeView['charging_profile']>;
