import { useEffect, useState } from 'preact/hooks';
import { labelOf } from '../data/labels.ts';
import { setQuery } from '../data/route.ts';
import { text } from '../text/text.ts';

/** The search starts so long after the last key. */
const PAUSE_MS = 300;

/** A field that searches a list at the node. The text is in the address. */
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
  /** The query parameter in the address. */
  parameter: string;
  value: string;
  of: readonly string[];
  labelOf?: (value: string) => string;
}

/** Filters a list by one value of a closed list. */
export const Choice = ({ name, parameter, value, of, labelOf: label = labelOf }: ChoiceProps) => (
  <select
    class="input narrow-select"
    aria-label={name}
    value={value}
    onChange={(event) => setQuery({ [parameter]: event.currentTarget.value, before: undefined })}
  >
    <option value="">{text().list.any(name)}</option>
    {of.map((it) => (
      <option key={it} value={it}>
        {label(it)}
      </option>
    ))}
  </select>
);
