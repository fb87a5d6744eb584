import { useRef, useState } from 'preact/hooks';
import { text } from '../text/text.ts';

/** A read-only value with a button that copies it. */
export function Copyable({ name, value }: { name: string; value: string }) {
  const [state, setState] = useState<'copy' | 'copied' | 'selected'>('copy');
  const input = useRef<HTMLInputElement>(null);
  const copy = async () => {
    input.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setState('copied');
    } catch {
      setState('selected'); // without TLS a page has no clipboard
    }
    setTimeout(() => setState('copy'), 2500);
  };
  return (
    <label class="field">
      <span>{name}</span>
      <span class="row">
        <input ref={input} class="input mono grow" readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="button slim" onClick={copy} aria-live="polite" aria-label={state === 'copy' ? text().page.copyValue(name) : undefined}>
          {text().page[state]}
        </button>
      </span>
    </label>
  );
}
