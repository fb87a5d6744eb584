import { setQuery } from '../data/route.ts';

/** Buttons for older and newer entries of a list that the node pages. The position is in the address. */
export function Pager({ before, next }: { before: string | null; next: number | undefined }) {
  if (before === null && next === undefined) return null;
  return (
    <nav class="row" aria-label="Pages">
      <button type="button" class="button slim" disabled={before === null} onClick={() => history.back()}>
        ← Newer
      </button>
      <button type="button" class="button slim" disabled={before === null} onClick={() => setQuery({ before: undefined })}>
        Newest
      </button>
      <button type="button" class="button slim" disabled={next === undefined} onClick={() => setQuery({ before: String(next) })}>
        Older →
      </button>
    </nav>
  );
}
