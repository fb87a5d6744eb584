import type { Profile } from '../data/api-types.ts';
import { type EvseRating, limitText } from '../data/quantity.ts';
import { durationText } from '../data/time-format.ts';
import { text } from '../text/text.ts';
import { Time } from './time.tsx';

interface ProfileTextProps {
  profile: Profile;
  /** When it starts, where the profile itself does not say. */
  from?: string | undefined;
  /** The rating of the EVSE, where it is known: it tells whether A is per phase. */
  rating?: EvseRating | undefined;
}

/** So many lines are shown at once; the others open with a click. */
const SHOWN = 6;

/** A charging profile as text: each period with its start and its limit, then the end. */
export function ProfileText({ profile, from, rating }: ProfileTextProps) {
  const begin = from ?? profile.start_date_time;
  const at = (seconds: number) =>
    begin === undefined ? text().moments.after(durationText(seconds * 1000)) : <Time at={new Date(Date.parse(begin) + seconds * 1000).toISOString()} />;
  const { charging_rate_unit: unit, charging_profile_period: periods, duration } = profile;
  const lines = [
    ...periods.map((it) => (
      <li key={it.start_period}>
        {it.start_period === 0 && begin === undefined ? text().moments.fromStart : at(it.start_period)} ·{' '}
        {unit === 'A' && rating && !rating.dc ? text().profile.perPhase(limitText(it.limit, unit)) : limitText(it.limit, unit)}
      </li>
    )),
    ...(duration === undefined ? [] : [<li key="end">{text().moments.end(at(duration))}</li>]),
  ];
  const rest = lines.length > SHOWN + 1 ? lines.splice(SHOWN) : [];
  return (
    <>
      <ul class="small">{lines}</ul>
      {rest.length > 0 && (
        <details class="small">
          <summary>{text().moments.more(rest.length)}</summary>
          <ul>{rest}</ul>
        </details>
      )}
    </>
  );
}
