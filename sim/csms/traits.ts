import { fieldsOf } from '../charge-point/dialect.ts';
import { readFrame } from './frames.ts';

/** How a stand-in CSMS answers one call of a station. It applies the call to its state, unless the variant says otherwise. */
export type CsmsBehaviour =
  /** Answers by the standard. */
  | { is: 'plain' }
  /** Answers by the standard, with these fields replaced, such as `{ status: 'Pending', interval: 5 }` for a boot. */
  | { is: 'with'; fields: object }
  /** Sends this payload and does nothing else. */
  | { is: 'answer'; payload: object }
  /** Sends a CALLERROR and does nothing else. */
  | { is: 'call-error'; code: string; description?: string }
  /** Answers after this time. */
  | { is: 'late'; milliseconds: number }
  /** Sends no answer. */
  | { is: 'never' }
  /** Breaks the rules: sends the answer twice. */
  | { is: 'twice' }
  /** Breaks the rules: answers a call that the station did not make, then the one that it made. */
  | { is: 'answer-unasked'; id: string }
  /** Breaks the rules: sends an invalid CALLRESULT; default `{ status: 42, odd: true }`. */
  | { is: 'malformed'; payload?: unknown }
  /** Breaks the rules: sends this text instead of a frame. */
  | { is: 'raw'; text: string }
  /** Sends a call of its own before the answer, which the standard allows. */
  | { is: 'call-first'; action: string; payload: object }
  /** Drops the socket instead of an answer; `done`: whether the call is applied. */
  | { is: 'drop'; done: boolean }
  /** Closes the connection with this code instead of an answer; the call is applied. */
  | { is: 'close'; code: number; reason?: string };

/** How a stand-in CSMS answers the HTTP upgrade of a station. */
export type UpgradeBehaviour =
  | { is: 'plain' }
  /** Refuses, such as 401, 404 or 503. */
  | { is: 'refuse'; http: number; headers?: Readonly<Record<string, string>> }
  /** Never answers. */
  | { is: 'hang' }
  /** Drops the socket. */
  | { is: 'drop' }
  /** Accepts, but names no subprotocol. */
  | { is: 'no-subprotocol' };

/** One behaviour for every time, or a list with one for each time and `plain` after that. */
export type InTurn<B> = B | readonly B[];

/** How a stand-in CSMS behaves, where CSMSs differ or fail. */
export interface CsmsTraits {
  /** The subprotocols that it speaks. It takes the first one that the station offers and that is in this list. */
  subprotocols: readonly string[];
  /** How it answers calls, by action; `*` stands for every action that has no entry. */
  answers: Readonly<Record<string, InTurn<CsmsBehaviour>>>;
  /** How it answers upgrades, by station; `*` stands for every station that has no entry. */
  upgrades: Readonly<Record<string, InTurn<UpgradeBehaviour>>>;
  /** The status of a token by its text, such as `Blocked`; a token that is not listed is Accepted. */
  tokens: Readonly<Record<string, string>>;
  /** Seconds, in the answer to a boot. */
  heartbeatInterval: number;
  /** Breaks the rules: sends a call while another one waits for its answer. */
  pipelines: boolean;
}

/** The traits of a CSMS that follows the standard. */
export const STANDARD_CSMS: CsmsTraits = {
  subprotocols: ['ocpp2.1', 'ocpp2.0.1', 'ocpp1.6'],
  answers: {},
  upgrades: {},
  tokens: {},
  heartbeatInterval: 300,
  pipelines: false,
};

/** Returns the behaviour for each use of a name in turn. A list is counted for each name, also where `*` gives it. */
export function inTurn<B extends { is: string }>(given: Readonly<Record<string, InTurn<B>>>): (name: string) => B | { is: 'plain' } {
  const counts = new Map<string, number>();
  return (name) => {
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    const behaviour = (Object.hasOwn(given, name) ? given[name] : given['*']) ?? ({ is: 'plain' } as const);
    return isOne(behaviour) ? behaviour : (behaviour[count] ?? { is: 'plain' });
  };
}

const isOne = <B extends { is: string }>(behaviour: B | { is: 'plain' } | readonly B[]): behaviour is B | { is: 'plain' } => 'is' in behaviour;

/** The texts that a behaviour sends for an answer; `text` is the one by the standard. */
export function textsOf(behaviour: CsmsBehaviour, { id, text }: { id: string; text: string }): readonly string[] {
  switch (behaviour.is) {
    case 'plain':
    case 'answer':
    case 'late':
    case 'call-first':
      return [text];
    case 'with':
      return [withFields(text, behaviour.fields)];
    case 'call-error':
      return [JSON.stringify([4, id, behaviour.code, behaviour.description ?? '', {}])];
    case 'twice':
      return [text, text];
    case 'answer-unasked':
      return [JSON.stringify([3, behaviour.id, {}]), text];
    case 'malformed':
      return [JSON.stringify([3, id, behaviour.payload ?? { status: 42, odd: true }])];
    case 'raw':
      return [behaviour.text];
    case 'drop':
    case 'close':
    case 'never':
      return [];
    default:
      return behaviour satisfies never;
  }
}

/** The answer with some fields of its payload replaced; a CALLERROR stays as it is. */
function withFields(text: string, fields: object): string {
  const [type, id, payload] = readFrame(text) ?? [];
  return type === 3 ? JSON.stringify([3, id, { ...fieldsOf(payload), ...fields }]) : text;
}
