// The node's clock counts, not the browser's: the two may differ, and a demo's time may even run faster.
let ahead = 0;
/** Less than this is the way of the message, not a difference. */
const WAY_MS = 2_000;

/** Learns from a moment that the node called now. */
export function learnNow(iso: string): void {
  const difference = Date.parse(iso) - Date.now();
  ahead = Math.abs(difference) > WAY_MS ? difference : 0;
}

/** What the node's clock says now, in epoch seconds. */
export const nodeNow = (): number => (Date.now() + ahead) / 1000;
