// The node's clock counts, not the browser's: the two may differ, and a demo's time may even run faster.
let offsetMs = 0;
/** Less than this is the way of the message, not a difference. */
const TOLERANCE_MS = 2_000;

/** Learns from a moment that the node called now. */
export function setNodeTime(iso: string): void {
  const difference = Date.parse(iso) - Date.now();
  offsetMs = Math.abs(difference) > TOLERANCE_MS ? difference : 0;
}

/** An event that was just told happened at the node's now, or before it. */
export function noteEventTime(iso: string): void {
  if (Date.parse(iso) / 1000 > nodeNow() + TOLERANCE_MS / 1000) setNodeTime(iso);
}

/** What the node's clock says now, in epoch seconds. */
export const nodeNow = (): number => (Date.now() + offsetMs) / 1000;
