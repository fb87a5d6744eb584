import { fold } from '../../../domain/ids.ts';
import { inUnit } from '../../../domain/limit/limit-source.ts';
import { type EpochMillis, epochMillis } from '../../../domain/units.ts';
import type { SessionKnowledge } from '../../../domain/why/known.ts';
import { whyOf } from '../../../domain/why/why.ts';
import { dateTimeMillis } from '../../../ocpi/date-time.ts';
import type { Input } from '../../../store/sql/input.ts';
import type { Config } from '../../config/config.ts';
import { maskSession, ownIssuers } from '../masks.ts';
import { type LimitFacts, type SessionFacts, sortableName } from './running-list.ts';
import type { AnySession } from './view-session.ts';

/** What a list can be filtered and sorted by, of one session with its profiles. `site`: the site that limits its EVSE. `away` is not known here. */
export function describeFacts(
  session: AnySession,
  inputs: readonly Input[],
  { context, site }: { context: { config: Pick<Config, 'parties'> }; site: string | undefined },
): SessionFacts {
  const { key, seq, station, tokenParty, locationId, body, progress, activeProfile } = session;
  const card = maskSession(body, ownIssuers(context.config)).cdr_token?.uid;
  const named = [locationId ?? body.location_id, site].flatMap((it) => (it === undefined ? [] : [fold(it)]));
  return {
    key,
    seq,
    status: session.status,
    name: sortableName(body.evse_uid),
    searched: fold([key, station, body.evse_uid, body.location_id, card].filter((it) => it !== undefined).join('\n')),
    parties: [tokenParty, ...inputs.map(({ by }) => by)].flatMap((it) => (it === undefined ? [] : [fold(it)])),
    sites: named,
    station: fold(station ?? ''),
    deviates: activeProfile?.deviation !== undefined || progress?.judged?.above !== undefined || inputs.some(({ state }) => state === 'uncertain'),
    power: body.status === 'ACTIVE' ? progress?.power : undefined,
    energy: body.kwh,
    start: dateTimeMillis(body.start_date_time),
  };
}

/** V of the grid: for a limit in A at an EVSE that is not known. */
const USUAL_VOLTAGE = 230;

/** What limits a session, and until when that is known. */
export function describeLimit(known: SessionKnowledge): { facts: LimitFacts; until: EpochMillis } {
  const { limit, supply, sources } = known;
  const [first] = whyOf(known).causes;
  const ends = [limit?.until, ...sources.map(({ until }) => until)].filter((it) => it !== undefined);
  return {
    facts: {
      limit: limit && (inUnit(limit, 'W', supply) ?? limit.limit * USUAL_VOLTAGE),
      cause: known.status === 'ACTIVE' ? first.code : undefined,
      causeName: known.status === 'ACTIVE' && first.name !== undefined ? fold(first.name) : undefined,
    },
    until: epochMillis(Math.min(Number.MAX_SAFE_INTEGER, ...ends.map((it) => it * 1000))),
  };
}
