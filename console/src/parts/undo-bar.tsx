import { useEffect, useState } from 'preact/hooks';
import { errorText } from '../data/error-text.ts';
import { dismissAct, keepAct, type LastAct, undoLastAct, useLastAct } from '../data/last-act.ts';
import { text } from '../text/text.ts';
import { ErrorSentence } from './error-sentence.tsx';

/** What the user just did, with a button that puts back what held before. It disappears by itself. */
export function UndoBar() {
  const act = useLastAct();
  return <div aria-live="polite">{act && <Bar act={act} />}</div>;
}

function Bar({ act }: { act: LastAct }) {
  const { acts, shortcuts } = text();
  const left = useSecondsLeft(act);
  return (
    <div class="undo-bar" onPointerMove={keepAct} onFocusIn={keepAct}>
      <span>
        {act.says}
        {act.is === 'undone' && ` · ${acts.undone}`}
        {act.is === 'failed' && act.answer && !act.answer.ok && (
          <>
            {' · '}
            <ErrorSentence of={errorText(act.answer)} />
          </>
        )}
      </span>
      <span class="row">
        {act.undo && act.is === 'done' && (
          <button type="button" class="button slim" onClick={() => void undoLastAct()} aria-keyshortcuts="u">
            {acts.undo} <span aria-hidden="true">{`${left} s`}</span>
          </button>
        )}
        {act.is === 'undoing' && acts.undoing}
        {act.is !== 'undoing' && (
          <button type="button" class="button slim" aria-label={shortcuts.close} onClick={dismissAct}>
            ✕
          </button>
        )}
      </span>
    </div>
  );
}

/** Whole seconds until the bar disappears; removes it then. */
function useSecondsLeft({ until }: LastAct): number {
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    const look = () => (performance.now() >= until ? dismissAct() : setNow(performance.now()));
    look();
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [until]);
  return Math.max(0, Math.ceil((until - now) / 1000));
}
