import type { AbilityFinding, AbilityName, KnownAbilities } from '../../../domain/station.ts';
import { type EpochMillis, epochMillis } from '../../../domain/units.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import type { KeptFrame } from '../../core/station-messages.ts';
import type { StationState } from '../../core/station-states.ts';
import type { StationHistory, StationMessage } from './message-schemas.ts';
import { readFrame } from './read-frame.ts';

/** The messages of a charge point, oldest first, each answer with its call. */
export function viewMessages(frames: readonly KeptFrame[]): StationMessage[] {
  const calls = new Map<string, KeptFrame>();
  const views: StationMessage[] = [];
  const viewOf = new Map<KeptFrame, StationMessage>();
  for (const frame of frames) {
    const { type, id, action, status, content } = readFrame(frame);
    const opposite = frame.direction === 'sent' ? 'received' : 'sent';
    const call = type === 'call' ? undefined : calls.get(`${opposite} ${id}`);
    if (type === 'call') calls.set(`${frame.direction} ${id}`, frame);
    const actionOfAll = action ?? (call && readFrame(call).action);
    const owner = ownerOf(frame, call);
    // A call of the station that the node has answered did not pass.
    const asked = call && owner === 'node' && frame.direction === 'sent' ? viewOf.get(call) : undefined;
    if (asked) asked.of = 'node';
    const view: StationMessage = {
      seq: frame.seq,
      at: printDateTime(frame.at),
      direction: frame.direction,
      ...(owner && { of: owner }),
      type,
      ...(id !== undefined && { id }),
      ...(actionOfAll !== undefined && { action: actionOfAll }),
      ...(status !== undefined && { status }),
      ...(call && { took_ms: frame.at - call.at }),
      body: content,
      ...(frame.whole !== undefined && { cut: frame.whole }),
    };
    views.push(view);
    viewOf.set(frame, view);
  }
  return views;
}

/** Whose a message is; undefined: the station is behind no CSMS. An answer of the station is for whoever sent the call. */
const ownerOf = ({ direction, owner }: KeptFrame, call: KeptFrame | undefined): StationMessage['of'] =>
  owner !== undefined && direction === 'received' && call?.owner !== undefined ? call.owner : owner;

/** How quickly the charge point answers calls of the node. */
export function viewAnswers(messages: readonly StationMessage[]): StationHistory['answers'] {
  const times = messages.flatMap(({ direction, took_ms: took }) => (direction === 'received' && took !== undefined ? [took] : [])).toSorted((a, b) => a - b);
  const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
  return { count: times.length, ...(p50 !== undefined && { p50_ms: p50 }), ...(p95 !== undefined && { p95_ms: p95 }) };
}

/** The lowest of the sorted values that so large a part of them does not exceed. */
const percentile = (sorted: readonly number[], part: number): number | undefined => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];

/** States with their ends. */
export function viewStates(states: readonly StationState[], now: EpochMillis): Pick<StationHistory, 'from' | 'to' | 'states'> {
  const spans = states.map(({ from, is }, n) => ({ from: printDateTime(from), to: printDateTime(states[n + 1]?.from ?? now), state: is }));
  return { from: printDateTime(states[0]?.from ?? epochMillis(now)), to: printDateTime(now), states: spans };
}

const NAMES = {
  smartCharging: 'smart_charging',
  compositeSchedule: 'composite_schedule',
  units: 'units',
  maxStackLevel: 'max_stack_level',
  maxPeriods: 'max_periods',
  maxProfiles: 'max_profiles',
} as const satisfies Record<AbilityName, StationHistory['abilities'][number]['ability']>;
const ABILITIES = Object.keys(NAMES) as AbilityName[];

/** How each ability was found. */
export const viewFindings = ({ findings = {} }: KnownAbilities): StationHistory['abilities'] =>
  ABILITIES.map((name) => ({ ability: NAMES[name], ...viewFinding(findings[name]) }));

const viewFinding = (it: AbilityFinding | undefined): Omit<StationHistory['abilities'][number], 'ability'> =>
  it ? { how: it.how, action: it.action, ...(it.occasion && { occasion: it.occasion }), at: printDateTime(it.at) } : { how: 'assumed' };
