import { setQuery } from '../data/route.ts';
import { text } from '../text/text.ts';

/** Buttons for older and newer entries of a list that the node pages. The position is in the address. */
export function Pager({ before, next }: { before: string | null; next: number | undefined }) {
  if (before === null && next === undefined) return null;
  return (
    <nav class="row" aria-label={text().list.pages}>
      <button type="button" class="button slim" disabled={before === null} onClick={() => history.back()}>
        {text().list.newer}
      </button>
      <button type="button" class="button slim" disabled={before === null} onClick={() => setQuery({ before: undefined })}>
        {text().list.newest}
      </button>
      <button type="button" class="button slim" disabled={next === undefined} onClick={() => setQuery({ before: String(next) })}>
        {text().list.older}
      </button>
    </nav>
  );
}
