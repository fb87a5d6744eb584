import { useRef, useState } from 'preact/hooks';

/** A value to carry elsewhere, with a button that copies it. */
export function Copyable({ name, value }: { name: string; value: string }) {
  const [said, say] = useState('Copy');
  const input = useRef<HTMLInputElement>(null);
  const copy = async () => {
    input.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      say('Copied');
    } catch {
      say('Selected: copy it with your keyboard'); // pages without TLS have no clipboard
    }
    setTimeout(() => say('Copy'), 2500);
  };
  return (
    <label class="field">
      <span>{name}</span>
      <span class="row">
        <input ref={input} class="input mono grow" readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="button slim" onClick={copy} aria-live="polite" aria-label={`${said} ${said === 'Copy' ? name : ''}`}>
          {said}
        </button>
      </span>
    </label>
  );
}
