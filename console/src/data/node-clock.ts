// The page uses the node's clock, not the browser's: the two may differ, and the time of a demo may run faster.
let offsetMs = 0;
/** A smaller difference is the travel time of the message. */
const TOLERANCE_MS = 2_000;

/** Sets the node's clock from a time that the node called "now". */
export function setNodeTime(iso: string): void {
  const difference = Date.parse(iso) - Date.now();
  offsetMs = Math.abs(difference) > TOLERANCE_MS ? difference : 0;
}

/** Corrects the node's clock from the time of an event, which is never later than the node's "now". */
export function noteEventTime(iso: string): void {
  if (Date.parse(iso) / 1000 > nodeNow() + TOLERANCE_MS / 1000) setNodeTime(iso);
}

/** The node's time now, in epoch seconds. */
export const nodeNow = (): number => (Date.now() + offsetMs) / 1000;
