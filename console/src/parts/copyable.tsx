import { useRef, useState } from 'preact/hooks';

/** A read-only value with a button that copies it. */
export function Copyable({ name, value }: { name: string; value: string }) {
  const [label, setLabel] = useState('Copy');
  const input = useRef<HTMLInputElement>(null);
  const copy = async () => {
    input.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setLabel('Copied');
    } catch {
      setLabel('Selected: press Ctrl+C'); // without TLS a page has no clipboard
    }
    setTimeout(() => setLabel('Copy'), 2500);
  };
  return (
    <label class="field">
      <span>{name}</span>
      <span class="row">
        <input ref={input} class="input mono grow" readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="button slim" onClick={copy} aria-live="polite" aria-label={`${label} ${label === 'Copy' ? name : ''}`}>
          {label}
        </button>
      </span>
    </label>
  );
}
