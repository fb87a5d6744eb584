/** A body that a node sent to a simulated partner: a request of its own, or the answer to a request of the partner. */
export interface SeenBody {
  /** Of the request. */
  method: string;
  /** The whole URL of the request. */
  url: string;
  /** `answer`: the body is the answer of the node. */
  of: 'request' | 'answer';
  text: string;
}
type Witness = (seen: SeenBody) => void;

const witnesses = new Set<Witness>();

/** Calls `witness` with each body that a node sends to a simulated partner of this process; registered twice, it is called once. */
export const watchBodies = (witness: Witness): void => void witnesses.add(witness);

/** Tells the witnesses of a body; empty ones are left out. */
export function witnessed(seen: SeenBody): void {
  if (seen.text !== '') for (const witness of witnesses) witness(seen);
}
