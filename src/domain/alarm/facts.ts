import type { PartyKey, PeerId, SessionKey, StationId } from '../ids.ts';
import type { RateUnit } from '../profile/charging-profile.ts';
import type { EpochMillis } from '../units.ts';

/** Events of one kind: how many, and when the first and the last of them were. */
export interface Row {
  count: number;
  first: EpochMillis;
  last: EpochMillis;
}

/** A running session that does not do what was set. */
export type SessionFault = {
  session: SessionKey;
  station: StationId | undefined;
} & (
  | { is: 'above-limit'; measured: number; limit: number; unit: RateUnit }
  /** `said`: the limit that the charge point reports now, such as `32 A`; `expected`: the one that it accepted. */
  | { is: 'deviates'; how: 'above' | 'below'; said: string; expected: string }
);

/** What a node knows that may need a person. */
export interface AlarmFacts {
  sessions: readonly SessionFault[];
  /** Sessions on which nobody knows which limit holds, or whether the profile of a party (`by`) is in force. */
  unknownLimits: readonly { session: SessionKey; by?: PartyKey; station?: StationId }[];
  /** Limits of sites that are exceeded by what counts against them. `amount`: by how much, such as `3.2 A too much`. */
  sites: readonly { site: string; where: string; amount: string | undefined }[];
  /** Nodes of sites whose meter is silent, by their path. */
  silentMeters: readonly { site: string; path: string }[];
  /** Charge points that are away or refuse limits, of those that were connected once. */
  stations: readonly {
    station: StationId;
    state: 'away' | 'refuses-limits';
    refused?: { count: number; answer: string };
    /** The host of its CSMS, when that is away. */
    csmsAway?: string;
  }[];
  /** CSMSs that are away, by their host, with the charge points that want one. */
  csmsAway: readonly { csms: string; stations: number }[];
  /** Charge points whose places for messages to a CSMS are used up for all but starts and ends of transactions. */
  keptFull: readonly { station: StationId; csms: string; kept: number; most: number }[];
  /** Peers that did not take results. */
  undelivered: readonly (Row & { peer: PeerId; because: string })[];
  /** Peers whose last requests all failed. */
  failing: readonly (Row & { peer: PeerId; because: string })[];
  /** Tokens that wait for an approval. `claim`: the number of the newest one. */
  tokens: readonly { party: PartyKey; count: number; claim: number | undefined }[];
  /** Roles that wait for an approval. */
  roles: readonly { peer: PeerId; role: string; party: PartyKey; at: EpochMillis }[];
  /** Contracts that end soon. */
  contracts: readonly { contract: string; party: PartyKey; until: EpochMillis }[];
  security: readonly (Row & { kind: string; peer: PeerId | undefined; party: PartyKey | undefined; says: string })[];
  errors: readonly (Row & { what: string; says: string })[];
  /** Why the node is not ready. */
  problems: readonly { check: string; says: string }[];
  now: EpochMillis;
}

/** Facts that are all absent: nothing needs a person. */
export const noFacts = (now: EpochMillis): AlarmFacts => ({
  sessions: [],
  unknownLimits: [],
  sites: [],
  silentMeters: [],
  stations: [],
  csmsAway: [],
  keptFull: [],
  undelivered: [],
  failing: [],
  tokens: [],
  roles: [],
  contracts: [],
  security: [],
  errors: [],
  problems: [],
  now,
});
