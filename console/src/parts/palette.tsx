import { useEffect, useRef, useState } from 'preact/hooks';
import { navigate } from '../data/route.ts';
import { type Suggestion, suggestionsFor } from '../data/suggestions.ts';
import { text } from '../text/text.ts';

/** The node is asked so long after the last key. */
const PAUSE_MS = 120;

/** What the node offers for a text, and whether the answer is for this text. */
function useSuggestions(typed: string): readonly Suggestion[] | undefined {
  const [state, setState] = useState<{ typed: string; all: readonly Suggestion[] } | undefined>(undefined);
  useEffect(() => {
    const leaving = new AbortController();
    const timer = setTimeout(
      () => void suggestionsFor(typed, leaving.signal).then((all) => leaving.signal.aborted || setState({ typed, all })),
      typed === '' ? 0 : PAUSE_MS,
    );
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [typed]);
  return state?.typed === typed ? state.all : undefined;
}

/** A dialog that takes commands: it completes what is typed, opens pages, and opens the form of an act filled in. It never acts itself. */
export function Palette({ onClose }: { onClose(): void }) {
  const texts = text().palette;
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const all = useSuggestions(typed);
  const [shown, setShown] = useState<readonly Suggestion[]>([]);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (all) setShown(all);
    if (all) setAt(0);
  }, [all]);
  useEffect(() => dialog.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }), [at]);
  const take = (it: Suggestion | undefined) => {
    if (it?.completes !== undefined) setTyped(it.completes);
    if (it?.opens === undefined) return;
    dialog.current?.close();
    navigate(it.opens);
  };
  const move = (by: number) => shown.length > 0 && setAt((at + by + shown.length) % shown.length);
  // A choice of an older text would not be what the user means.
  const keys: Readonly<Record<string, () => void>> = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: () => all && take(all[at]) };
  const onKey = (event: KeyboardEvent) => {
    const action = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (!action) return;
    action();
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} class="palette" aria-label={texts.title} onClose={onClose}>
      <input
        class="input"
        role="combobox"
        aria-label={texts.title}
        aria-expanded={shown.length > 0}
        aria-controls="palette-list"
        aria-autocomplete="list"
        aria-activedescendant={shown.length > 0 ? `palette-${at}` : undefined}
        placeholder={texts.example}
        maxLength={200}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <div id="palette-list" role="listbox" aria-label={texts.choices}>
        {shown.map((it, n) => (
          <div
            key={`${it.label} ${it.detail}`}
            id={`palette-${n}`}
            role="option"
            tabIndex={-1}
            aria-selected={n === at}
            onClick={() => take(it)}
            onKeyDown={onKey}
          >
            <b>{it.label}</b> <span class="small soft">{it.detail}</span>
          </div>
        ))}
      </div>
      {all?.length === 0 && <p role="status">{texts.nothing}</p>}
      <p class="small soft">{texts.help}</p>
    </dialog>
  );
}
