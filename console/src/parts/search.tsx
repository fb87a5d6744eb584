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
    if (text.trim() === value) return;
    const timer = setTimeout(() => setQuery({ q: text.trim(), before: undefined, after: undefined }), PAUSE_MS);
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
    onChange={(event) => setQuery({ [parameter]: event.currentTarget.value, before: undefined, after: undefined })}
  >
    <option value="">{text().list.any(name)}</option>
    {of.map((it) => (
      <option key={it} value={it}>
        {label(it)}
      </option>
    ))}
  </select>
);

/** A filter that is on or off. */
export const Toggle = ({ name, parameter, on }: { name: string; parameter: string; on: boolean }) => (
  <button
    type="button"
    class="button slim"
    aria-pressed={on}
    onClick={() => setQuery({ [parameter]: on ? undefined : 'yes', before: undefined, after: undefined })}
  >
    {name}
  </button>
);

/** A filter that a link has set, with a button that takes it away. */
export const Chosen = ({ name, parameter }: { name: string; parameter: string }) => (
  <button type="button" class="button slim" onClick={() => setQuery({ [parameter]: undefined, before: undefined, after: undefined })}>
    {name} ×<span class="hidden"> {text().list.removeFilter}</span>
  </button>
);

/** The order of a list on a narrow screen, where the heads of its columns are not shown. */
export const SortChoice = ({ columns, value }: { columns: readonly { name: string; sort?: string }[]; value: string }) => {
  const sorts = columns.flatMap(({ sort, name }) => (sort === undefined ? [] : [{ sort, name }]));
  return (
    <select
      class="input narrow-select only-narrow"
      aria-label={text().list.sortBy}
      value={value}
      onChange={(event) => setQuery({ sort: event.currentTarget.value, order: undefined, before: undefined, after: undefined })}
    >
      <option value="">{text().list.unsorted}</option>
      {sorts.map(({ sort, name }) => (
        <option key={sort} value={sort}>
          {text().list.sortedBy(name)}
        </option>
      ))}
    </select>
  );
};
