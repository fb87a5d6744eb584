import type { PartyKey } from '../../domain/ids.ts';
import type { KnownPeer } from '../core/known-peers.ts';

/** Between whom a received message travels: the peer, and the parties that its routing headers name, if any. */
export interface MessageParties {
  peer: KnownPeer;
  /** The party that speaks, from OCPI-from-*. */
  from: PartyKey | undefined;
  /** The party of ours that is addressed, from OCPI-to-*. */
  to: PartyKey | undefined;
}

/** What became of an object that a peer sent: `foreign` when it may not speak of it, `unknown` when a PATCH found nothing to change. */
export type ReceiveOutcome = 'created' | 'changed' | 'foreign' | 'unknown';
