import { useState } from 'preact/hooks';
import type { Checklist as ChecklistView } from '../data/console-api-types.ts';
import { useResource } from '../data/resource.ts';
import { accessText } from '../text/access-text.ts';
import { text } from '../text/text.ts';
import { Link } from './link.tsx';
import { Card } from './page.tsx';

type Step = ChecklistView['steps'][number]['step'];
/** The page that helps with a step; a charge point is added in the configuration, so that step has none. */
const PAGES: Partial<Record<Step, readonly string[]>> = { connected: ['stations'], party: ['connect'], session: ['sessions'], profile: ['sessions'] };
const KEY = 'evenkeel-checklist';

function isDismissed(): boolean {
  try {
    return localStorage.getItem(KEY) === 'dismissed';
  } catch {
    return false; // this browser stores nothing
  }
}

/** The first steps of a new node, until its first session is steered or the user dismisses them in this browser. */
export function Checklist() {
  const texts = accessText().checklist;
  const [dismissed, setDismissed] = useState(isDismissed);
  const [isOver, setOver] = useState(false);
  const checklist = useResource<ChecklistView>(dismissed || isOver ? undefined : 'checklist', undefined, { everySeconds: 5 });
  const known = checklist.value;
  if (known?.done && !isOver) setOver(true);
  if (!known || known.done) return null;
  const dismiss = () => {
    setDismissed(true);
    try {
      localStorage.setItem(KEY, 'dismissed');
    } catch {
      // this browser stores nothing: the card is back when the page is loaded again
    }
  };
  const done = known.steps.filter((it) => it.done).length;
  return (
    <Card
      title={texts.title}
      note={texts.note(done, known.steps.length)}
      actions={
        <button type="button" class="button slim" onClick={dismiss}>
          {texts.dismiss}
        </button>
      }
    >
      <ol class="first-steps">
        {known.steps.map((it) => (
          <FirstStep key={it.step} {...it} />
        ))}
      </ol>
    </Card>
  );
}

function FirstStep({ step, done }: ChecklistView['steps'][number]) {
  const { checklist } = accessText();
  const { nav, connect } = text();
  const { name, help } = checklist.steps[step];
  const to = PAGES[step];
  const page = step === 'party' ? connect.title : step === 'connected' ? nav.stations : nav.sessions;
  return (
    <li>
      <span class={`badge ${done ? 'good' : 'plain'}`}>{done ? checklist.done : checklist.open}</span>
      <span>
        <strong>{name}</strong>
        {!done && (
          <span class="line small">
            {help} {to && <Link to={to}>{page}</Link>}
          </span>
        )}
      </span>
    </li>
  );
}
