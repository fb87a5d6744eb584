import { useMemo, useState } from 'preact/hooks';
import { segment } from '../data/api-client.ts';
import type { EventView, SessionView } from '../data/api-types.ts';
import type { Series } from '../data/console-api-types.ts';
import { useEvseRatings } from '../data/evse-ratings.ts';
import { nodeNow } from '../data/node-clock.ts';
import { lengthOf, spanFor, useProfileDraft } from '../data/profile-draft.ts';
import { pointsOf, profileOf } from '../data/profile-periods.ts';
import type { EvseRating } from '../data/quantity.ts';
import { useResource } from '../data/resource.ts';
import { sessionChart, TIME_RANGES } from '../data/session-chart.ts';
import { Badge } from '../parts/badge.tsx';
import { Chart } from '../parts/chart.tsx';
import { shortSession } from '../parts/link.tsx';
import { Card, Loaded, Page } from '../parts/page.tsx';
import { ProfileControls } from '../parts/profile-controls.tsx';
import { SessionExchanges } from '../parts/session-exchanges.tsx';
import { SessionFacts } from '../parts/session-facts.tsx';
import { StaleSince } from '../parts/stale-since.tsx';
import { WhyCard } from '../parts/why-card.tsx';
import { text } from '../text/text.ts';

/** One session: its chart, the controls for its charging profile, its exchanges and its details. */
export function SessionPage({ name }: { name: string }) {
  const refresh = { everySeconds: 10, refreshOn: (it: EventView) => 'session' in it && it.session.toUpperCase().includes(name.toUpperCase()) };
  const session = useResource<SessionView>(`sessions/${segment(name)}`, undefined, refresh);
  const series = useResource<Series>(`sessions/${segment(name)}/series`, undefined, refresh);
  const ratingOf = useEvseRatings();
  return (
    <Page
      title={text().session.title(shortSession(session.value?.key ?? name))}
      trail={[{ name: text().nav.sessions, to: ['sessions'] }]}
      actions={
        session.value && (
          <span class="row">
            <StaleSince at={session.value.stale_since} /> <Badge value={session.value.session.status} />
          </span>
        )
      }
    >
      <Loaded of={session}>
        {(it) => {
          const rating = ratingOfSeries(series.value) ?? ratingOf(it);
          return (
            <>
              {it.session.status === 'ACTIVE' && <WhyCard session={it} />}
              <Loaded of={series}>{(lines) => <ChartAndControls session={it} series={lines} rating={rating} />}</Loaded>
              <SessionExchanges session={it.key} />
              <SessionFacts session={it} rating={rating} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

/** The node gives phases and voltage for AC only. */
function ratingOfSeries(series: Series | undefined): EvseRating | undefined {
  const { phases, voltage } = series ?? {};
  return phases !== undefined && voltage !== undefined ? { phases, volts: voltage } : undefined;
}

interface ChartAndControlsProps {
  session: SessionView;
  series: Series;
  rating: EvseRating | undefined;
}

/** The chart and the form share one draft: what is typed is drawn, and what is drawn is in the form. */
function ChartAndControls({ session, series, rating }: ChartAndControlsProps) {
  const draft = useProfileDraft(session, rating, nodeNow);
  const [minutes, setMinutes] = useState(60);
  const { state } = draft;
  const texts = text();
  const running = session.session.status === 'ACTIVE';
  const model = useMemo(() => {
    const now = nodeNow();
    const length = lengthOf(state, now);
    const settings = { unit: state.unit, minutes: state.until === undefined ? state.minutes : length, now };
    const points = state.changed ? pointsOf(profileOf(state.periods, settings), now, rating) : [];
    const span = 60 * (state.drawing ? state.span : spanFor(length));
    return sessionChart(series, { minutes, now: running ? now : Date.parse(series.to) / 1000, ended: !running, draft: points, drawing: state.drawing, span });
  }, [
    series,
    minutes,
    state.periods,
    state.unit,
    state.minutes,
    state.until,
    state.changed,
    state.drawing,
    state.span,
    rating?.volts,
    rating?.phases,
    running,
    texts,
  ]);
  return (
    <div class={running ? 'desk' : 'stack'}>
      <Card title={texts.session.chart} actions={<TimeRanges minutes={minutes} onChange={setMinutes} />}>
        <Chart model={model} height={320} onDraw={running && state.drawing ? (stroke) => draft.draw(stroke, model.now ?? 0) : undefined} />
      </Card>
      {running && <ProfileControls session={session} draft={draft} rating={rating} />}
    </div>
  );
}

const TimeRanges = ({ minutes, onChange }: { minutes: number; onChange(minutes: number): void }) => (
  <fieldset class="segments" aria-label={text().sessionChart.range}>
    {TIME_RANGES.map((it) => (
      <button key={it} type="button" class="button slim" aria-pressed={it === minutes} onClick={() => onChange(it)}>
        {text().sessionChart.ranges[it]}
      </button>
    ))}
  </fieldset>
);
