import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { text } from '../text/text.ts';

interface ConfirmProps {
  /** The text of the button, such as Unregister. */
  label: string;
  danger?: boolean;
  disabled?: boolean;
  /** Opens the question without a press of the button; each new object opens it again. */
  asked?: object | undefined;
  /** What happens after a yes. */
  children: ComponentChildren;
  onConfirm(): void;
}

/** A button that asks before it acts, and says what will happen. */
export function Confirm({ label, danger = false, disabled = false, asked, children, onConfirm }: ConfirmProps) {
  const [open, setOpen] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
  }, [open]);
  useEffect(() => {
    if (asked && !disabled) setOpen(true);
  }, [asked]);
  const decide = (yes: boolean) => {
    dialog.current?.close();
    if (yes) onConfirm();
  };
  return (
    <>
      <button type="button" class={`button${danger ? ' danger' : ''}`} disabled={disabled} onClick={() => setOpen(true)}>
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
