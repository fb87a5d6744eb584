import type { Overview } from '../data/console-api-types.ts';
import { powerText } from '../data/quantity.ts';
import { text } from '../text/text.ts';
import { Link } from './link.tsx';
import { Card } from './page.tsx';

type Site = Overview['sites'][number];
/** A site with less than this share of its limit left is nearly full. */
const NEARLY_FULL = 0.1;

/** Each site with what its EVSEs share, what counts against it, and what is left, as the node computes it. Nothing without sites. */
export function SiteHeadroom({ sites }: { sites: readonly Site[] }) {
  const texts = text().site.headroom;
  if (sites.length === 0) return null;
  return (
    <Card title={texts.title} note={texts.note}>
      <ul class="headroom">
        {sites.map((it) => (
          <li key={it.site}>
            <Link to={['sites']}>{it.site}</Link>
            <svg class={`bar ${toneOf(it)}`} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
              <rect width={100 * shareOf(it)} height="1" />
            </svg>
            <span class="number">{it.limit === undefined ? powerText(it.load) : texts.of(powerText(it.load), powerText(it.limit))}</span>
            <b class="number">{leftOf(it)}</b>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const shareOf = ({ limit, headroom }: Site): number =>
  limit === undefined || headroom === undefined || limit <= 0 ? 0 : Math.min(1, Math.max(0, 1 - headroom / limit));

function toneOf({ limit, headroom }: Site): 'good' | 'warn' | 'bad' {
  if (limit === undefined || headroom === undefined) return 'good';
  if (headroom < 0) return 'bad';
  return headroom < NEARLY_FULL * limit ? 'warn' : 'good';
}

function leftOf({ headroom }: Site): string {
  const texts = text().site.headroom;
  if (headroom === undefined) return texts.noLimit;
  return headroom < 0 ? texts.above(powerText(-headroom)) : texts.left(powerText(headroom));
}
