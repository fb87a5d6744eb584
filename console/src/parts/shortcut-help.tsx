import { useEffect, useRef } from 'preact/hooks';
import { pageShortcuts } from '../data/shortcuts.ts';

/** The list of shortcuts, over the page until it is closed. */
export function ShortcutHelp({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const lines: [keys: string[], what: string][] = [
    ...pageShortcuts.map(({ key, name }): [string[], string] => [['g', key], `Go to ${name}`]),
    [['/'], 'Search in the list'],
    [['?'], 'Show these shortcuts'],
    [['Esc'], 'Close what is open'],
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
