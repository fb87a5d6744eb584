import type { EpochSeconds } from '../units.ts';
import { carCauses, carEvidence } from './car-causes.ts';
import type { Cause, CauseCode, Evidence, Why } from './cause.ts';
import { type Draw, drawOf, isMaximum, isPause, powerOf } from './draw.ts';
import type { SessionKnowledge } from './known.ts';
import { nextCauses, originCauses } from './limit-causes.ts';

/**
 * Why a session charges as fast, or as slowly, as it does. The first cause is the one that holds it back now; the others follow in the order in which
 * they would. What is not known is a cause of its own.
 */
export function whyOf(known: SessionKnowledge): Why {
  const stopped = statusCause(known);
  if (stopped) return { verdict: stopped.code === 'ended' ? 'over' : 'not-charging', causes: [stopped] };
  const draw = drawOf(known);
  const unknown = unknownLimit(known, draw);
  const front = [...awayCauses(known), ...unknown];
  const binding = bindingCauses(known, unknown.length > 0 && isPart(draw) ? 'unknown' : draw);
  const [first = nothingKnown(known), ...more] = unique([...front, ...binding, ...nextCauses(known), ...remarks(known, draw)]);
  return { verdict: front.length > 0 ? 'unknown' : verdictOf(known, draw, first.code), causes: [first, ...more] };
}

function statusCause({ status, evse }: SessionKnowledge): Cause | undefined {
  if (status === 'ACTIVE') return undefined;
  const code = status === 'PENDING' || status === 'RESERVATION' ? 'not-started' : 'ended';
  return { code, name: evse, evidence: [], change: 'nothing' };
}

/** Nobody knows what happens now: the station is away, or the CPO's messages are missing. */
function awayCauses({ station, cpo }: SessionKnowledge): readonly Cause[] {
  if (station && !station.online) return [{ code: 'station-away', name: station.id, evidence: momentOf('last-message', station.seen), change: 'station-back' }];
  if (cpo?.stale) return [{ code: 'messages-stale', name: cpo.name, evidence: momentOf('last-message', cpo.since), change: 'read-again' }];
  return [];
}

const momentOf = (what: Evidence['what'], since: EpochSeconds | undefined): readonly Evidence[] => (since === undefined ? [] : [{ what, since }]);

/** Without a known limit, a low power says nothing about the car. A CPO may limit its charge points without a word to us. */
function unknownLimit(known: SessionKnowledge, draw: Draw): readonly Cause[] {
  const { unknownSince, measured, side, limit, cpo } = known;
  if (measured.suspendedBy === 'EV') return [];
  if (unknownSince !== undefined) return [{ code: 'limit-unknown', evidence: momentOf('unknown-since', unknownSince), change: 'read-again' }];
  const isTold = limit !== undefined && (limit.reported || limit.origin.kind !== 'evse');
  if (side === 'own' || isTold || draw === 'all' || draw === 'above') return [];
  return [{ code: 'limit-unknown', name: cpo?.name ?? known.evse, evidence: carEvidence(known), change: 'ask-cpo' }];
}
/** The car draws a part of what it may draw. */
const isPart = (draw: Draw) => draw === 'less' || draw === 'fewer-phases';

/** What stops the car from taking more now. */
function bindingCauses(known: SessionKnowledge, draw: Draw): readonly Cause[] {
  const { limit, supply } = known;
  const origin = originCauses(known);
  if (isPause(limit, supply)) return origin;
  const car = carCauses(known, draw);
  // A car on one phase uses its limit in A: the limit comes first, unless it is the maximum of the EVSE.
  const limitFirst = draw === 'fewer-phases' && limit !== undefined && !isMaximum(limit, supply) && car[0]?.code === 'car-fewer-phases';
  if (limitFirst) return [...origin, ...car];
  if (draw === 'above' && limit)
    return [{ code: 'above-limit', name: known.station?.id ?? known.evse, evidence: carEvidence(known), change: 'check-station' }, ...origin];
  return [...car, ...origin];
}

/** What is worth knowing besides: the station does not do what it is told, or too little is reported. */
function remarks({ sources, station, site, measured, supply }: SessionKnowledge, draw: Draw): readonly Cause[] {
  const name = station?.id ?? '';
  const causes: Cause[] = [];
  if (station?.takesProfiles === false) causes.push({ code: 'takes-no-profiles', name, evidence: [], change: 'check-station' });
  if (site?.refusedUntil !== undefined)
    causes.push({ code: 'station-refuses', name, evidence: [{ what: 'next-try', until: site.refusedUntil }], change: 'check-station' });
  else if (station?.deviation !== undefined) causes.push({ code: 'station-refuses', name, evidence: [], change: 'check-station' });
  if (site?.silent && station?.online) causes.push({ code: 'station-silent', name, evidence: momentOf('last-message', station.seen), change: 'station-back' });
  for (const it of sources)
    if (it.uncertain)
      causes.push({ code: 'profile-uncertain', name: it.origin.name, evidence: [{ what: 'limit', value: it.limit, unit: it.unit }], change: 'read-again' });
  if (draw === 'unknown' && powerOf(measured, supply) === undefined && measured.suspendedBy === undefined)
    causes.push({ code: 'power-unknown', evidence: [], change: 'meter-values' });
  return causes;
}

const nothingKnown = ({ evse }: SessionKnowledge): Cause => ({ code: 'nothing-known', name: evse, evidence: [], change: 'meter-values' });

function verdictOf({ limit, supply, measured }: SessionKnowledge, draw: Draw, first: CauseCode): Why['verdict'] {
  if (isPause(limit, supply)) return 'paused';
  if (draw === 'nothing' || measured.suspendedBy !== undefined) return 'not-charging';
  if (first === 'nothing-known' || first === 'power-unknown') return 'unknown';
  const isMost = limit ? isMaximum(limit, supply) : draw === 'all' || draw === 'above';
  if (!isMost) return 'limited';
  return draw === 'all' || draw === 'above' ? 'full-speed' : draw === 'unknown' ? 'unknown' : 'limited';
}

/** Each cause once, where it stands first. */
const unique = (causes: readonly Cause[]): readonly Cause[] =>
  causes.filter(({ code, name }, n) => causes.findIndex((it) => it.code === code && it.name === name) === n);
