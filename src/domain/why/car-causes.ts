import { acPhases } from '../limit/limit-source.ts';
import type { Cause, Evidence } from './cause.ts';
import { allowedPower, type Draw, fewerPhases, powerOf } from './draw.ts';
import type { SessionKnowledge } from './known.ts';

/** %: from this charge on a car is full, or takes less and less. */
const FULL = 99;
const NEARLY_FULL = 80;

/** Why the car, or the station at its socket, takes less than the limit allows. Empty: it takes all, or it is not known what it takes. */
export function carCauses(known: SessionKnowledge, draw: Draw): readonly Cause[] {
  const { measured } = known;
  const { suspendedBy, charge = 0 } = measured;
  const evidence = carEvidence(known);
  if (suspendedBy === 'EVSE') return [{ code: 'station-suspends', name: known.station?.id ?? known.evse, evidence, change: 'check-station' }];
  if (draw !== 'less' && draw !== 'nothing' && draw !== 'fewer-phases' && suspendedBy === undefined) return [];
  if (charge >= FULL) return [{ code: 'car-full', evidence, change: 'nothing' }];
  if (suspendedBy === 'EV') return [{ code: 'car-suspends', evidence, change: 'car-decides' }];
  if (draw === 'nothing') return [{ code: 'car-does-not-charge', evidence, change: 'car-decides' }];
  if (charge >= NEARLY_FULL) return [{ code: 'car-nearly-full', evidence, change: 'nothing' }];
  if (draw === 'fewer-phases') return [{ code: 'car-fewer-phases', evidence: [...phasesUsed(known), ...evidence], change: 'nothing' }];
  return [{ code: 'car-takes-less', evidence, change: 'car-decides' }];
}

/** What the car draws, what it may draw, and its state of charge. */
export function carEvidence({ measured, limit, supply }: SessionKnowledge): readonly Evidence[] {
  const power = powerOf(measured, supply);
  const allowed = allowedPower(limit, supply) ?? supply?.watts;
  const since = measured.at === undefined ? {} : { since: measured.at };
  return [
    ...(power === undefined ? [] : [{ what: 'power', value: power, unit: 'W', ...since } as const]),
    ...(allowed === undefined ? [] : [{ what: 'allowed', value: allowed, unit: 'W' } as const]),
    ...(measured.charge === undefined ? [] : [{ what: 'charge', value: measured.charge, unit: '%' } as const]),
  ];
}

function phasesUsed({ measured, limit, supply }: SessionKnowledge): readonly Evidence[] {
  const [power, allowed] = [powerOf(measured, supply), allowedPower(limit, supply) ?? supply?.watts];
  const used = power === undefined || allowed === undefined ? undefined : fewerPhases(power, { allowed, supply });
  return used === undefined ? [] : [{ what: 'phases', value: used, unit: 'phases', name: String(acPhases(supply) ?? '') }];
}
