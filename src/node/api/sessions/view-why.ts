import type { EffectiveLimit } from '../../../domain/limit/effective-limit.ts';
import type { EpochSeconds } from '../../../domain/units.ts';
import type { Cause, Evidence } from '../../../domain/why/cause.ts';
import type { SessionKnowledge } from '../../../domain/why/known.ts';
import { whyOf } from '../../../domain/why/why.ts';
import { causeText, changeText, evidenceText, whySentence } from '../../../domain/why/why-text.ts';
import { printSeconds } from '../../../ocpi/date-time.ts';
import type { LimitedBy, LimitView, WhyView } from './schemas.ts';

/** Hours and minutes in UTC, as texts of the API write moments. */
const inUtc = (at: EpochSeconds): string => `${printSeconds(at).slice(11, 16)} UTC`;

/** Why a session charges as fast as it does, with texts in English. */
export function viewWhy(session: string, known: SessionKnowledge): WhyView {
  const why = whyOf(known);
  return {
    session,
    at: printSeconds(known.now),
    verdict: why.verdict,
    text: whySentence(why, inUtc),
    ...(known.limit && { limit: viewLimit(known.limit) }),
    causes: why.causes.map(viewCause),
  };
}

function viewCause(cause: Cause): WhyView['causes'][number] {
  const { code, name, pauses, evidence, change } = cause;
  return {
    code,
    ...(name !== undefined && { name }),
    ...(pauses && { pauses }),
    text: causeText(cause, inUtc),
    evidence: evidence.map(viewEvidence),
    change: { code: change, text: changeText(cause, inUtc) },
  };
}

function viewEvidence(it: Evidence): WhyView['causes'][number]['evidence'][number] {
  const { since, until, ...fact } = it;
  return {
    ...fact,
    ...(since !== undefined && { since: printSeconds(since) }),
    ...(until !== undefined && { until: printSeconds(until) }),
    text: evidenceText(it, inUtc),
  };
}

/** The limit that holds now, with its origin and its end. */
export function viewLimit({ limit, unit, origin, until, reported }: EffectiveLimit): LimitView {
  return { limit, unit, origin: { ...origin }, ...(until !== undefined && { until: printSeconds(until) }), reported };
}

/** What holds a session back now, for a list. */
export function viewLimitedBy(known: SessionKnowledge): LimitedBy {
  const {
    verdict,
    causes: [{ code, name }],
  } = whyOf(known);
  return { verdict, cause: code, ...(name !== undefined && { name }) };
}
