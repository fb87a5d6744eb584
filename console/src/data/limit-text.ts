import { text } from '../text/text.ts';
import type { SessionView, WhyView } from './api-types.ts';
import { limitText } from './quantity.ts';
import { minuteTime, secondsOf } from './time-format.ts';

type LimitView = NonNullable<SessionView['limit']>;
type Cause = WhyView['causes'][number];

/** Where a limit comes from: garage/north, NL*SCS, the user anna. */
function originText({ kind, name }: LimitView['origin']): string {
  const { origins } = text().why;
  if (kind === 'evse' || kind === 'station') return origins[kind];
  return kind === 'plan' ? origins.plan(name) : name;
}

/** A limit with its origin and its end: 8 A · NL*SCS until 10:57. */
export function limitWithOrigin({ limit, unit, origin, until }: LimitView): string {
  const named = `${limitText(limit, unit)} · ${originText(origin)}`;
  return until === undefined ? named : text().why.until(named, minuteTime(secondsOf(until)));
}

/** What holds a session back, in few words for a table. */
export function limitedByText({ limited_by: it, limit }: SessionView): string {
  const { short } = text().why;
  if (!it || it.verdict === 'over') return '–';
  if (it.cause.startsWith('car-')) return short.car;
  if (it.cause === 'station-away') return short.away;
  if (it.cause === 'station-suspends' || it.cause === 'station-limit') return short.idle;
  if (it.cause === 'evse-maximum') return short.evse;
  if (it.cause === 'site-waits') return short.waits(it.name ?? '');
  if (it.cause === 'price-plan' && limit) return originText(limit.origin);
  return it.name ?? short.unknown;
}

/** One cause as a sentence, in the language of the page and with times of the user's zone. */
export function causeSentence({ code, name = '', pauses, evidence }: Cause): string {
  const find = (...what: Cause['evidence'][number]['what'][]) => evidence.find((it) => what.includes(it.what));
  const amount = (it: Cause['evidence'][number] | undefined) =>
    it?.value === undefined || (it.unit !== 'A' && it.unit !== 'W') ? '–' : limitText(it.value, it.unit);
  const time = (moment: string | undefined) => (moment === undefined ? '' : minuteTime(secondsOf(moment)));
  const limit = find('limit', 'imposed', 'maximum');
  const facts = {
    name,
    limit: amount(limit),
    until: time(limit?.until),
    since: time(find('last-message', 'unknown-since')?.since),
    power: amount(find('power')),
    allowed: amount(find('allowed')),
  };
  const sentence = text().why.causes[code](facts);
  return pauses ? `${sentence} ${text().why.pauses}` : sentence;
}
