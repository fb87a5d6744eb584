import { useEffect, useRef, useState } from 'preact/hooks';
import { navigate } from '../data/route.ts';
import { nodeSuggestions, ownSuggestions, type Suggestion } from '../data/suggestions.ts';
import { text } from '../text/text.ts';

/** The node is asked so long after the last key. */
const PAUSE_MS = 120;

/** What the node offered last, and for which text. */
function useNodeSuggestions(typed: string): { typed: string; all: readonly Suggestion[] } {
  const [state, setState] = useState<{ typed: string; all: readonly Suggestion[] }>({ typed: '', all: [] });
  useEffect(() => {
    const leaving = new AbortController();
    const timer = setTimeout(() => void nodeSuggestions(typed, leaving.signal).then((all) => leaving.signal.aborted || setState({ typed, all })), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [typed]);
  return state;
}

/** What is typed, what is offered for it, and the line that Enter takes. */
function useChoices(onTake: (address: string) => void) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [waits, setWaits] = useState(false);
  const own = ownSuggestions(typed);
  const found = useNodeSuggestions(typed);
  const isCurrent = found.typed === typed;
  const shown = [...own, ...found.all];
  const type = (value: string) => {
    setTyped(value);
    setAt(0);
    setWaits(false);
  };
  const take = (it: Suggestion | undefined) => {
    if (it?.completes !== undefined) type(it.completes);
    else if (it?.opens !== undefined) onTake(it.opens);
  };
  useEffect(() => {
    if (waits && isCurrent) take(shown[at]);
  }, [waits, isCurrent]);
  const move = (by: number) => shown.length > 0 && setAt((at + by + shown.length) % shown.length);
  // What the node offered for an older text is not what the user means: its answer for this text is awaited.
  const choose = () => (at < own.length || isCurrent ? take(shown[at]) : setWaits(true));
  const keys: Readonly<Record<string, () => void>> = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: choose };
  const onKey = (event: KeyboardEvent) => {
    const action = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (!action) return;
    action();
    event.preventDefault();
  };
  return { typed, at, shown, isCurrent, type, take, onKey };
}

/** A dialog that takes commands: it completes what is typed, opens pages, and opens the form of an act filled in. It never acts itself. */
export function Palette({ onClose }: { onClose(): void }) {
  const texts = text().palette;
  const dialog = useRef<HTMLDialogElement>(null);
  const { typed, at, shown, isCurrent, type, take, onKey } = useChoices((address) => {
    dialog.current?.close();
    navigate(address);
  });
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => dialog.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }), [at]);
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
        onInput={(event) => type(event.currentTarget.value)}
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
      {isCurrent && shown.length === 0 && <p role="status">{texts.nothing}</p>}
      <p class="small soft">{texts.help}</p>
    </dialog>
  );
}
