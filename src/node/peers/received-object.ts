import type { PartyKey } from '../../domain/ids.ts';
import type { KnownPeer } from '../core/known-peers.ts';

/** The peer that sent a message, and the parties that its routing headers name, if any. */
export interface MessageParties {
  peer: KnownPeer;
  /** The party of the sender, from OCPI-from-*. */
  from: PartyKey | undefined;
  /** Our party that the message is for, from OCPI-to-*. */
  to: PartyKey | undefined;
}

/**
 * The effect of an object that a peer sent: `foreign` when the peer does not own it, `unknown` when a PATCH found nothing to change,
 * `too many` when its party has as many objects here as `limits.stored` allows, `unknown token` when a session is of no eMSP of ours.
 */
export type ReceiveOutcome = 'created' | 'changed' | 'foreign' | 'unknown' | 'too many' | 'unknown token';
