import type { SiteMoment } from '../data/console-api-types.ts';
import { limitWithOrigin } from '../data/limit-text.ts';
import { currentText, fixedText, limitText, powerText } from '../data/quantity.ts';
import { localTime, minuteTime, secondsOf } from '../data/time-format.ts';
import type { Texts } from '../text/en.ts';
import { text } from '../text/text.ts';
import { SessionLink } from './link.tsx';
import { Empty, LoadingPlaceholder } from './page.tsx';
import { type Column, Table } from './table.tsx';

type Row = SiteMoment['sessions'][number];

/** Who held what at a moment, and why. `at`: epoch seconds; `waits`: the moment that is shown is not yet the chosen one. */
export function SiteMomentTable({ at, moment, waits }: { at: number; moment: SiteMoment | undefined; waits: boolean }) {
  const texts = text().siteDay;
  const title = texts.at(localTime(new Date(at * 1_000).toISOString()));
  return (
    <section class={waits ? 'waits' : undefined} aria-label={texts.moment} aria-busy={waits}>
      <h3 class="number">{title}</h3>
      {moment === undefined ? (
        <LoadingPlaceholder />
      ) : (
        <>
          <p class="small">{summaryOf(moment).join(' · ')}</p>
          {moment.sessions.length === 0 ? (
            <Empty what={texts.nobody}>{texts.nobodyHelp}</Empty>
          ) : (
            <Table name={title} columns={columnsOf(texts)} rows={moment.sessions} idOf={(it) => it.session} />
          )}
        </>
      )}
    </section>
  );
}

function summaryOf({ when, limit, imposed, building, drawn, unknown, sessions }: SiteMoment): string[] {
  const texts = text().siteDay;
  const whole = limit && bothLimits(limit);
  return [
    ...(when === 'ahead' ? [texts.ahead] : []),
    limit ? (whole === '' ? texts.noLimit : texts.limitNow(whole ?? '')) : texts.limitUnknown,
    ...(imposed ? [texts.imposed(bothLimits(imposed))] : []),
    ...(building ? [texts.buildingTakes(powerText(building.w))] : []),
    ...(when !== 'ahead' && sessions.length > unknown ? [texts.drawn(powerText(drawn.w), `${currentsText(drawn.a)} A`)] : []),
    ...(when !== 'ahead' && unknown > 0 ? [texts.unknown(unknown)] : []),
  ];
}

const bothLimits = ({ a, w }: { a?: number; w?: number }): string =>
  [a === undefined ? [] : currentText(a), w === undefined ? [] : powerText(w)].flat().join(', ');
const currentsText = (a: readonly number[]): string => a.map((it) => fixedText(it, 1)).join(' / ');

const columnsOf = (texts: Texts['siteDay']): readonly Column<Row>[] => [
  {
    name: texts.columns.evse,
    show: ({ evse, card, party }) => (
      <>
        <strong>{evse}</strong>
        <br />
        <span class="small soft">{card === undefined ? texts.noCard : `${card} · ${party ?? ''}`}</span>
      </>
    ),
  },
  { name: texts.columns.held, show: (it) => heldText(it, texts) },
  {
    name: texts.columns.drawn,
    right: true,
    show: ({ drawn }) =>
      drawn ? (
        <>
          {powerText(drawn.w)}
          <br />
          <span class="small soft">
            {currentsText(drawn.a)} A{drawn.estimated ? ` · ${texts.estimated}` : ''}
          </span>
        </>
      ) : (
        <span class="soft">{texts.notKnown}</span>
      ),
  },
  { name: texts.columns.session, show: ({ session }) => <SessionLink session={session} /> },
];

function heldText({ limit, limit_unknown_since: since, share }: Row, texts: Texts['siteDay']): string {
  if (since !== undefined) return texts.unknownSince(minuteTime(secondsOf(since)));
  if (limit) return limitWithOrigin(limit);
  return share === undefined ? texts.notKnown : limitText(share, 'A');
}
