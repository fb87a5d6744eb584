// The node's clock counts, not the browser's: the two may differ, and a demo's time may even run faster.
let ahead = 0;
/** Less than this is the way of the message, not a difference. */
const WAY_MS = 2_000;

/** Learns from a moment that the node called now. */
export function learnNow(iso: string): void {
  const difference = Date.parse(iso) - Date.now();
  ahead = Math.abs(difference) > WAY_MS ? difference : 0;
}

/** An event that was just told happened at the node's now, or before it. */
export function learnEvent(iso: string): void {
  if (Date.parse(iso) / 1000 > nodeNow() + WAY_MS / 1000) learnNow(iso);
}

/** What the node's clock says now, in epoch seconds. */
export const nodeNow = (): number => (Date.now() + ahead) / 1000;
