import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface ConfirmProps {
  /** What the button says, such as Unregister. */
  label: string;
  danger?: boolean;
  disabled?: boolean;
  /** Why it is disabled. */
  disabledReason?: string | undefined;
  /** What happens then, for whoever must decide. */
  children: ComponentChildren;
  onConfirm(): void;
}

/** A button for what cannot be taken back: it says what happens, and asks. */
export function Confirm({ label, danger = false, disabled = false, disabledReason, children, onConfirm }: ConfirmProps) {
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
      <button
        type="button"
        class={`button${danger ? ' danger' : ''}`}
        disabled={disabled}
        title={disabled ? disabledReason : undefined}
        onClick={() => setOpen(true)}
      >
        {label}
      </button>
      {open && (
        <dialog ref={dialog} aria-label={label} onClose={() => setOpen(false)}>
          <div class="stack">
            <h2>{label}?</h2>
            <div>{children}</div>
            <div class="row">
              <button type="button" class={`button ${danger ? 'danger' : 'first'}`} onClick={() => decide(true)}>
                {label}
              </button>
              <button type="button" class="button" onClick={() => decide(false)}>
                Leave it
              </button>
            </div>
          </div>
        </dialog>
      )}
    </>
  );
}
