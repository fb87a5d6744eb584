import { setQuery } from '../data/route.ts';
import { text } from '../text/text.ts';

/** Buttons for older and newer entries of a list that the node pages. The position is in the address. */
export function Pager({ position, next, next_after: after }: { position: string | null; next?: number; next_after?: string }) {
  const following = next !== undefined ? { before: String(next) } : after !== undefined ? { after } : undefined;
  if (position === null && !following) return null;
  const sorted = new URLSearchParams(location.search).has('sort');
  return (
    <nav class="row" aria-label={text().list.pages}>
      <button type="button" class="button slim" disabled={position === null} onClick={() => history.back()}>
        {sorted ? text().list.previousPage : text().list.newer}
      </button>
      <button type="button" class="button slim" disabled={position === null} onClick={() => setQuery({ before: undefined, after: undefined })}>
        {sorted ? text().list.firstPage : text().list.newest}
      </button>
      <button type="button" class="button slim" disabled={!following} onClick={() => following && setQuery(following)}>
        {sorted ? text().list.nextPage : text().list.older}
      </button>
    </nav>
  );
}
