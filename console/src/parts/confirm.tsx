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
  return (
    <>
      <button type="button" class={`button${slim ? ' slim' : ''}${danger ? ' danger' : ''}`} disabled={disabled} onClick={() => setOpen(true)}>
        {label}
      </button>
      {open && (
        <Question title={text().page.question(label)} yes={label} danger={danger} onYes={onConfirm} onClose={() => setOpen(false)}>
          {children}
        </Question>
      )}
    </>
  );
}

interface QuestionProps {
  title: string;
  /** The text of the button that goes on. */
  yes: string;
  danger?: boolean;
  children: ComponentChildren;
  onYes(): void;
  /** The dialog is closed, with a yes or without. */
  onClose(): void;
}

/** A dialog that asks once more before something happens. */
export function Question({ title, yes, danger = false, children, onYes, onClose }: QuestionProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const decide = (agreed: boolean) => {
    dialog.current?.close();
    if (agreed) onYes();
  };
  return (
    <dialog ref={dialog} aria-label={yes} onClose={onClose}>
      <div class="stack">
        <h2>{title}</h2>
        <div>{children}</div>
        <div class="row">
          <button type="button" class={`button ${danger ? 'danger' : 'first'}`} onClick={() => decide(true)}>
            {yes}
          </button>
          <button type="button" class="button" onClick={() => decide(false)}>
            {text().page.cancel}
          </button>
        </div>
      </div>
    </dialog>
  );
}
