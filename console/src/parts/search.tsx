import { useEffect, useState } from 'preact/hooks';
import { setQuery } from '../data/route.ts';

/** After the last key of a search. */
const PAUSE_MS = 300;

/** A field that searches a list at the node; what is searched for stands in the address. */
export function Search({ name, value }: { name: string; value: string }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => setQuery({ q: text, before: undefined }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <input
      class="input grow"
      type="search"
      aria-label={name}
      placeholder={name}
      maxLength={64}
      value={text}
      onInput={(event) => setText(event.currentTarget.value)}
    />
  );
}

interface ChoiceProps {
  name: string;
  /** Its word in the address. */
  word: string;
  value: string;
  of: readonly string[];
}

/** Narrows a list to one word of a closed list. */
export const Choice = ({ name, word, value, of }: ChoiceProps) => (
  <select class="input narrow-select" aria-label={name} value={value} onChange={(event) => setQuery({ [word]: event.currentTarget.value, before: undefined })}>
    <option value="">{name}: any</option>
    {of.map((it) => (
      <option key={it} value={it}>
        {it.toLowerCase().replaceAll('_', ' ')}
      </option>
    ))}
  </select>
);
