import { useMemo, useState } from 'preact/hooks';
import { segment } from '../data/api-client.ts';
import type { Series } from '../data/console-api-types.ts';
import { useProfileDraft } from '../data/profile-draft.ts';
import { nodeNow } from '../data/node-clock.ts';
import { useEvseRatings } from '../data/evse-ratings.ts';
import type { EvseRating } from '../data/quantity.ts';
import { useResource } from '../data/resource.ts';
import { sessionChart, TIME_RANGES } from '../data/session-chart.ts';
import { pointsOf, profileOf } from '../data/profile-periods.ts';
import type { EventView, SessionView } from '../data/api-types.ts';
import { ProfileControls } from '../parts/profile-controls.tsx';
import { Badge } from '../parts/badge.tsx';
import { Chart } from '../parts/chart.tsx';
import { Card, Loaded, Page } from '../parts/page.tsx';
import { SessionExchanges } from '../parts/session-exchanges.tsx';
import { shortSession } from '../parts/link.tsx';
import { SessionFacts } from '../parts/session-facts.tsx';

/** One session: its chart, what can be done, and everything that was asked about it. */
export function SessionPage({ name }: { name: string }) {
  const fresh = { everySeconds: 10, refreshOn: (it: EventView) => 'session' in it && it.session.toUpperCase().includes(name.toUpperCase()) };
  const session = useResource<SessionView>(`sessions/${segment(name)}`, undefined, fresh);
  const series = useResource<Series>(`sessions/${segment(name)}/series`, undefined, fresh);
  return (
    <Page
      title={`Session ${shortSession(session.value?.key ?? name)}`}
      trail={[{ name: 'Sessions', to: ['sessions'] }]}
      actions={session.value && <Badge word={session.value.session.status} />}
    >
      <Loaded of={session}>
        {(it) => (
          <>
            <Loaded of={series}>{(told) => <ChartAndControls session={it} series={told} />}</Loaded>
            <SessionExchanges session={it.key} />
            <SessionFacts session={it} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** The chart, and beside it what can be done; what is written on one shows on the other. */
function ChartAndControls({ session, series }: { session: SessionView; series: Series }) {
  const outletOf = useEvseRatings();
  const { phases, voltage } = series;
  const told: EvseRating | undefined = phases !== undefined && voltage !== undefined ? { phases, volts: voltage } : undefined;
  const outlet = told ?? outletOf(session);
  const desk = useProfileDraft(outlet);
  const [minutes, setMinutes] = useState(60);
  const { state } = desk;
  const running = session.session.status === 'ACTIVE';
  const model = useMemo(() => {
    const now = nodeNow();
    const draft = state.changed ? pointsOf(profileOf(state.periods, { unit: state.unit, minutes: state.minutes, now }), now, outlet) : [];
    return sessionChart(series, { minutes, now: running ? now : Date.parse(series.to) / 1000, draft, drawing: state.drawing });
  }, [series, minutes, state.periods, state.unit, state.minutes, state.changed, state.drawing, outlet?.volts, outlet?.phases, running]);
  return (
    <div class={running ? 'desk' : 'stack'}>
      <Card title="Power and limits" actions={<TimeRanges minutes={minutes} onChange={setMinutes} />}>
        <Chart model={model} height={320} onPaint={running && state.drawing ? (stroke) => desk.paint(stroke, model.now ?? 0) : undefined} />
      </Card>
      {running && <ProfileControls session={session} desk={desk} outlet={outlet} />}
    </div>
  );
}

const TimeRanges = ({ minutes, onChange }: { minutes: number; onChange(minutes: number): void }) => (
  <fieldset class="segments" aria-label="How much of the past">
    {TIME_RANGES.map((it) => (
      <button key={it.name} type="button" class="button slim" aria-pressed={it.minutes === minutes} onClick={() => onChange(it.minutes)}>
        {it.name}
      </button>
    ))}
  </fieldset>
);
