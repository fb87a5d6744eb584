import { useEffect, useRef } from 'preact/hooks';
import { pageShortcuts } from '../data/shortcuts.ts';
import { text } from '../text/text.ts';

/** A dialog with the keyboard shortcuts. */
export function ShortcutHelp({ onClose }: { onClose(): void }) {
  const { shortcuts, nav } = text();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const lines: [keys: string[], what: string][] = [
    ...pageShortcuts.map(({ key, page }): [string[], string] => [['g', key], shortcuts.open(nav[page])]),
    [['/'], shortcuts.search],
    [['u'], shortcuts.undo],
    [['?'], shortcuts.show],
    [[shortcuts.escape], shortcuts.closeDialog],
  ];
  return (
    <dialog ref={dialog} aria-label={shortcuts.title} onClose={onClose}>
      <div class="stack">
        <h2>{shortcuts.title}</h2>
        <dl class="facts">
          {lines.map(([keys, what]) => [
            <dt key={`${what} keys`}>
              {keys.map((key, n) => (
                <span key={key}>
                  {n > 0 && shortcuts.between}
                  <kbd>{key}</kbd>
                </span>
              ))}
            </dt>,
            <dd key={what}>{what}</dd>,
          ])}
        </dl>
        <form method="dialog">
          <button type="submit" class="button">
            {shortcuts.close}
          </button>
        </form>
      </div>
    </dialog>
  );
}
