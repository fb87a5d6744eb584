import { useEffect, useRef } from 'preact/hooks';
import { pageShortcuts } from '../data/shortcuts.ts';

/** A dialog with the keyboard shortcuts. */
export function ShortcutHelp({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const lines: [keys: string[], what: string][] = [
    ...pageShortcuts.map(({ key, name }): [string[], string] => [['g', key], `Open ${name}`]),
    [['/'], 'Go to the search field'],
    [['?'], 'Show these shortcuts'],
    [['Esc'], 'Close the dialog'],
  ];
  return (
    <dialog ref={dialog} aria-label="Keyboard shortcuts" onClose={onClose}>
      <div class="stack">
        <h2>Keyboard shortcuts</h2>
        <dl class="facts">
          {lines.map(([keys, what]) => [
            <dt key={`${what} keys`}>
              {keys.map((key, n) => (
                <span key={key}>
                  {n > 0 && ' then '}
                  <kbd>{key}</kbd>
                </span>
              ))}
            </dt>,
            <dd key={what}>{what}</dd>,
          ])}
        </dl>
        <form method="dialog">
          <button type="submit" class="button">
            Close
          </button>
        </form>
      </div>
    </dialog>
  );
}
