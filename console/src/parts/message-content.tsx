import { numberText } from '../data/quantity.ts';
import { text } from '../text/text.ts';

/** The content of a message: JSON with line breaks, or its text; nothing when it has none. `cut`: characters of a message that is not whole. */
export function Content({ of, cut }: { of: unknown; cut?: number | undefined }) {
  if (of === undefined) return null;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long body scrolls, and the keyboard must reach it */}
      <pre tabIndex={0}>{typeof of === 'string' ? of : JSON.stringify(of, null, 2)}</pre>
      {cut !== undefined && <p class="small soft">{text().wire.cut(numberText(cut, 0))}</p>}
    </>
  );
}
