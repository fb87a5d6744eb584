import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { text } from '../text/text.ts';

interface ConfirmProps {
  /** The text of the button, such as Unregister. */
  label: string;
  danger?: boolean;
  /** A small button, for rows of a list. */
  slim?: boolean;
  disabled?: boolean;
  /** What happens after a yes. */
  children: ComponentChildren;
  onConfirm(): void;
}

/** A button that asks before it acts, and says what will happen. */
export function Confirm({ label, danger = false, slim = false, disabled = false, children, onConfirm }: ConfirmProps) {
  const [open, setOpen] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
  }, [open]);
  const decide = (yes: boolean) => {
    dialog.current?.close();
    if (yes) onConfirm();
  };
  return (
    <>
      <button type="button" class={`button${slim ? ' slim' : ''}${danger ? ' danger' : ''}`} disabled={disabled} onClick={() => setOpen(true)}>
        {label}
      </button>
      {open && (
        <dialog ref={dialog} aria-label={label} onClose={() => setOpen(false)}>
          <div class="stack">
            <h2>{text().page.question(label)}</h2>
            <div>{children}</div>
            <div class="row">
              <button type="button" class={`button ${danger ? 'danger' : 'first'}`} onClick={() => decide(true)}>
                {label}
              </button>
              <button type="button" class="button" onClick={() => decide(false)}>
                {text().page.cancel}
              </button>
            </div>
          </div>
        </dialog>
      )}
    </>
  );
}
