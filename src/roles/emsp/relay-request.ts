import type { Sharing } from '../../domain/contract.ts';
import type { AskKind, ResponseType } from '../../domain/exchange.ts';
import type { PartyKey } from '../../domain/ids.ts';

/** All that an eMSP must know before it forwards what an SCSP asks about a session of its customer. */
export interface RelayFacts {
  /** The SCSP may steer it; false: it may only see it. */
  mayControl: boolean;
  /** Parties whose profiles steer the session now. */
  inputs: readonly PartyKey[];
  /** The eMSP itself set the profile that holds. */
  setByUs: boolean;
  asker: PartyKey;
  sharingWith(other: PartyKey): Sharing;
  halted: boolean;
  tooOften: string | undefined;
}

/** The eMSP's own No. Without one, the CPO is asked, and its word is passed on (CP-60). */
export interface Refusal {
  result: Exclude<ResponseType, 'ACCEPTED'>;
  message: string;
}

/** Why a request does not go on to the CPO, if so (CP-09, CP-35, CP-36). */
export function refusal({ mayControl, inputs, setByUs, asker, sharingWith, halted, tooOften }: RelayFacts, kind: AskKind): Refusal | undefined {
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
