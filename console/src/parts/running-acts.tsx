import { useEffect, useState } from 'preact/hooks';
import { actOn, limitInWords, remainingText } from '../data/acts.ts';
import type { RunningAct } from '../data/console-api-types.ts';
import { announceAct, useLastAct } from '../data/last-act.ts';
import { nodeNow } from '../data/node-clock.ts';
import { useResource } from '../data/resource.ts';
import { useHasRole, useUser } from '../data/signed-in-user.ts';
import { minuteTime, secondsOf } from '../data/time-format.ts';
import { text } from '../text/text.ts';
import { Link } from './link.tsx';

/** The profiles of operators and the imposed limits that run, counted down on every page; nothing while there are none. */
export function RunningActs() {
  const { running } = text().acts;
  const acts = useResource<{ items: RunningAct[] }>('acts/running', undefined, { everySeconds: 10, refreshOn: ({ kind }) => kind === 'exchange' });
  const last = useLastAct();
  useEffect(() => acts.reload(), [last?.is, last?.says, acts.reload]);
  useEachSecond();
  const items = (acts.value?.items ?? []).filter(({ until }) => until === undefined || secondsOf(until) > nodeNow());
  const [first, ...more] = items;
  if (!first) return null;
  const line = (it: RunningAct) => <Line key={`${it.kind} ${it.name}`} act={it} onLifted={acts.reload} />;
  return (
    <section class="running" aria-label={running.title}>
      {more.length === 0 ? (
        line(first)
      ) : (
        <details>
          <summary>
            {running.several(items.length)} · {describe(first)}
          </summary>
          {items.map(line)}
        </details>
      )}
    </section>
  );
}

/** "8 A on OAK-1 until 10:44 · 12 min left". */
function describe({ limit, name, kind, until }: RunningAct): string {
  const { running, preview } = text().acts;
  if (until === undefined) return running.one(limitInWords(limit), name, kind === 'profile' ? running.untilSessionEnds : running.untilLifted);
  return `${running.one(limitInWords(limit), name, preview.until(minuteTime(secondsOf(until))))} · ${remainingText(secondsOf(until) - nodeNow())}`;
}

function Line({ act, onLifted }: { act: RunningAct; onLifted(): void }) {
  const { running, done } = text().acts;
  const mayOperate = useHasRole('operate');
  const user = useUser();
  const [busy, setBusy] = useState(false);
  const lift = async () => {
    setBusy(true);
    const { answer, undo } = await actOn(act);
    setBusy(false);
    if (answer.ok) announceAct(done.lifted(user.name, act.name), undo);
    onLifted();
  };
  return (
    <p class="line">
      <span>
        <Link to={act.session === undefined ? ['sites'] : ['sessions', act.session]}>{describe(act)}</Link>
        {act.by !== undefined && <span class="soft"> · {running.by(act.by)}</span>}
        {act.reason !== undefined && <span class="soft"> · {act.reason}</span>}
      </span>
      {mayOperate && (
        <button type="button" class="button slim" disabled={busy} onClick={lift} aria-label={running.liftOf(act.name)}>
          {running.lift}
        </button>
      )}
    </p>
  );
}

/** Renders again each second. */
function useEachSecond(): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
}
