// What the page shows is what the door says: its types come from the door's own words, and nothing but types.
import type { EventView, ExchangeView, HistoryEntry, LocationView, PeerView, SessionView, StationView } from '../../../src/node/api/sessions/schemas.ts';

export type { EventView, ExchangeView, HistoryEntry, LocationView, PeerView, SessionView, StationView };

/** A part of a list, newest first; `next` asks for what is older. */
export interface Listed<T> {
  items: T[];
  next?: number;
}

/** A charging profile as OCPI writes it: limits in W in all, or in A per phase. */
export type Profile = NonNullable<ExchangeView['charging_profile']>;
