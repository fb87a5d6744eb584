import type { Sharing } from '../../domain/contract.ts';
import type { AskKind, ResponseType } from '../../domain/exchange.ts';
import type { PartyKey } from '../../domain/ids.ts';

/** The facts that decide whether an eMSP forwards a request of an SCSP about a session of its customer. */
export interface RelayFacts {
  /** The status of the session as its CPO sent it last. */
  status: string;
  /** The SCSP may control the session; false: it may only see it. */
  mayControl: boolean;
  /** The parties whose profiles are set on the session now, or whose SET waits for its result. */
  inputs: readonly PartyKey[];
  /** The eMSP itself set the current profile, or its SET waits for its result. */
  setByUs: boolean;
  asker: PartyKey;
  sharingWith(other: PartyKey): Sharing;
  halted: boolean;
  tooOften: string | undefined;
}

/** The eMSP's own refusal. Without one, the request is forwarded to the CPO and its answer to the SCSP (CP-60). */
export interface Refusal {
  result: Exclude<ResponseType, 'ACCEPTED'>;
  message: string;
}

const ENDED: readonly string[] = ['COMPLETED', 'INVALID'];

/** The refusal of a request that is not forwarded; undefined: forward it (CP-09, CP-35, CP-36). */
export function refusal(facts: RelayFacts, kind: AskKind): Refusal | undefined {
  const { status, mayControl, inputs, setByUs, asker, sharingWith, halted, tooOften } = facts;
  if (ENDED.includes(status)) return { result: 'REJECTED', message: `the session is ${status}, only one that has not ended takes charging profiles` };
  if (kind !== 'get') {
    if (halted) return { result: 'REJECTED', message: `the operator has taken the right to steer from ${asker}` };
    if (!mayControl) return { result: 'REJECTED', message: `no contract lets ${asker} control this session` };
    if (setByUs) return { result: 'REJECTED', message: 'the operator steers this session' };
    const others = inputs.filter((it) => it !== asker);
    if (others.some((it) => sharingWith(it) === 'one')) return { result: 'REJECTED', message: 'another party steers this session' };
    if (kind === 'clear' && others.length > 0 && !inputs.includes(asker)) return { result: 'REJECTED', message: 'another party steers this session' };
  }
  return tooOften === undefined ? undefined : { result: 'TOO_OFTEN', message: tooOften };
}
