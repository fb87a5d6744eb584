import { useMemo, useState } from 'preact/hooks';
import { step } from '../data/api-client.ts';
import type { Series } from '../data/console-api-types.ts';
import { useDraft } from '../data/profile-draft.ts';
import { nodeNow } from '../data/node-clock.ts';
import { useOutlets } from '../data/evse-ratings.ts';
import type { Outlet } from '../data/quantity.ts';
import { useResource } from '../data/resource.ts';
import { sessionChart, WINDOWS } from '../data/session-chart.ts';
import { pointsOf, profileOf } from '../data/profile-periods.ts';
import type { EventView, SessionView } from '../data/api-types.ts';
import { Act } from '../parts/profile-controls.tsx';
import { Badge } from '../parts/badge.tsx';
import { Chart } from '../parts/chart.tsx';
import { Card, Loaded, Page } from '../parts/page.tsx';
import { Lives } from '../parts/session-exchanges.tsx';
import { shortSession } from '../parts/link.tsx';
import { SessionFacts } from '../parts/session-facts.tsx';

/** One session: its chart, what can be done, and everything that was asked about it. */
export function SessionPage({ name }: { name: string }) {
  const fresh = { every: 10, wake: (it: EventView) => 'session' in it && it.session.toUpperCase().includes(name.toUpperCase()) };
  const session = useResource<SessionView>(`sessions/${step(name)}`, undefined, fresh);
  const series = useResource<Series>(`sessions/${step(name)}/series`, undefined, fresh);
  return (
    <Page
      title={`Session ${shortSession(session.value?.key ?? name)}`}
      trail={[{ name: 'Sessions', to: ['sessions'] }]}
      actions={session.value && <Badge word={session.value.session.status} />}
    >
      <Loaded of={session}>
        {(it) => (
          <>
            <Loaded of={series}>{(told) => <Desk session={it} series={told} />}</Loaded>
            <Lives session={it.key} />
            <SessionFacts session={it} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** The chart, and beside it what can be done; what is written on one shows on the other. */
function Desk({ session, series }: { session: SessionView; series: Series }) {
  const outletOf = useOutlets();
  const { phases, voltage } = series;
  const told: Outlet | undefined = phases !== undefined && voltage !== undefined ? { phases, volts: voltage } : undefined;
  const outlet = told ?? outletOf(session);
  const desk = useDraft(outlet);
  const [minutes, setMinutes] = useState(60);
  const { state } = desk;
  const running = session.session.status === 'ACTIVE';
  const model = useMemo(() => {
    const now = nodeNow();
    const draft = state.begun ? pointsOf(profileOf(state.periods, { unit: state.unit, minutes: state.minutes, now }), now, outlet) : [];
    return sessionChart(series, { minutes, now: running ? now : Date.parse(series.to) / 1000, draft, painting: state.painting });
  }, [series, minutes, state.periods, state.unit, state.minutes, state.begun, state.painting, outlet?.volts, outlet?.phases, running]);
  return (
    <div class={running ? 'desk' : 'stack'}>
      <Card title="Power and limits" actions={<Windows minutes={minutes} onChange={setMinutes} />}>
        <Chart model={model} height={320} onPaint={running && state.painting ? (stroke) => desk.paint(stroke, model.now ?? 0) : undefined} />
      </Card>
      {running && <Act session={session} desk={desk} outlet={outlet} />}
    </div>
  );
}

const Windows = ({ minutes, onChange }: { minutes: number; onChange(minutes: number): void }) => (
  <fieldset class="segments" aria-label="How much of the past">
    {WINDOWS.map((it) => (
      <button key={it.name} type="button" class="button slim" aria-pressed={it.minutes === minutes} onClick={() => onChange(it.minutes)}>
        {it.name}
      </button>
    ))}
  </fieldset>
);
