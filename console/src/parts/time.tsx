import { localTime, utcTime } from '../data/time-format.ts';

/** A time in the user's zone, with UTC on hover. */
export function Time({ at }: { at: string | undefined }) {
  if (at === undefined) return <span class="soft">–</span>;
  if (Number.isNaN(Date.parse(at))) return <span>{at}</span>;
  return (
    <time dateTime={at} title={utcTime(at)} class="number">
      {localTime(at)}
    </time>
  );
}
