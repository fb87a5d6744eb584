import { inUtc, inZone } from '../data/time-format.ts';

/** A moment in the viewer's zone, with UTC on hover. */
export function Moment({ at }: { at: string | undefined }) {
  if (at === undefined) return <span class="soft">–</span>;
  if (Number.isNaN(Date.parse(at))) return <span>{at}</span>;
  return (
    <time dateTime={at} title={inUtc(at)} class="number">
      {inZone(at)}
    </time>
  );
}
