import type { StationEvent } from '../../domain/station.ts';
import type { Progress } from './session.ts';

/**
 * Whether news of a transaction may come from another limit: the charge point says so, holds the car back or lets it go again, or offers
 * it another current or power than before (ocpi-to-ocpp §7).
 */
export function limitMayHaveChanged(event: Extract<StationEvent, { kind: 'transaction-updated' }>, before: Progress, after: Progress): boolean {
  return event.rateChanged === true || (before.suspended ?? false) !== (after.suspended ?? false) || !isSame(before.offered, after.offered);
}

const isSame = (one: Progress['offered'], other: Progress['offered']) => one?.unit === other?.unit && one?.limit === other?.limit;
