// The page uses the types of the operator API, by `import type` only: no code of the node runs in a browser.
import type { EventView } from '../../../src/node/api/events/schemas.ts';
import type { ExchangeView } from '../../../src/node/api/exchanges/schemas.ts';
import type { LocationView } from '../../../src/node/api/locations.ts';
import type { PeerView } from '../../../src/node/api/peers/schemas.ts';
import type { HistoryEntry, SessionView, WhyView } from '../../../src/node/api/sessions/schemas.ts';
import type { StationView } from '../../../src/node/api/stations/schemas.ts';

export type { EventView, ExchangeView, HistoryEntry, LocationView, PeerView, SessionView, StationView, WhyView };

/** One page of a list, newest first. `next` goes into `before` to get the next page; absent on the last one. */
export interface Listed<T> {
  items: T[];
  next?: number;
  /** Of a sorted list: goes into `after` to get the next page. */
  next_after?: string;
}

/** A charging profile as OCPI writes it: limits in W (all phases together) or in A (per phase on AC). */
export type Profile = NonNullable<ExchangeView['charging_profile']>;
