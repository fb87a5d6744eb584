import type { StationHistory as History } from '../data/console-api-types.ts';
import { numberText } from '../data/quantity.ts';
import { durationText, localTime, secondsOf } from '../data/time-format.ts';
import { text } from '../text/text.ts';
import { FactList } from './fact-list.tsx';
import { Card } from './page.tsx';

type Span = History['states'][number];

/** When a station was connected, away or refusing, and how quickly it answers. */
export function StationHistory({ history }: { history: History }) {
  const { health, healthFrom, reaction, reactionValue, noReaction } = text().stationLog;
  const { p50_ms: half, p95_ms: most, count } = history.answers;
  const times = half === undefined || most === undefined ? noReaction : reactionValue(durationText(half), durationText(most), numberText(count, 0));
  return (
    <Card title={health} note={healthFrom(localTime(history.from))}>
      <div class="stack">
        <Strip history={history} />
        <FactList of={{ [reaction]: times }} />
      </div>
    </Card>
  );
}

/** Coloured spans over the whole time, and the newest of them as text. */
function Strip({ history: { from, to, states } }: { history: History }) {
  const begin = secondsOf(from);
  const whole = Math.max(1, secondsOf(to) - begin);
  return (
    <>
      <svg class="health" viewBox={`0 0 ${whole} 1`} preserveAspectRatio="none" aria-hidden="true">
        {states.map((it) => (
          <rect key={it.from} class={it.state} x={secondsOf(it.from) - begin} width={secondsOf(it.to) - secondsOf(it.from)} height="1">
            <title>{spanText(it)}</title>
          </rect>
        ))}
      </svg>
      <ul class="health-text">
        {states
          .slice(-NEWEST)
          .reverse()
          .map((it) => (
            <li key={it.from}>
              <span class={`dot ${it.state}`} aria-hidden="true" /> {spanText(it)}
            </li>
          ))}
      </ul>
    </>
  );
}

/** Spans that are written out. */
const NEWEST = 4;

const spanText = ({ state, from, to }: Span): string => text().stationLog.span(text().stationLog.states[state], localTime(from), localTime(to));
