import type { Profile } from '../data/api-types.ts';
import { amperesUnit, type EvseRating, limitText } from '../data/quantity.ts';
import { durationText } from '../data/time-format.ts';
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
    begin === undefined ? <>after {durationText(seconds * 1000)}</> : <Time at={new Date(Date.parse(begin) + seconds * 1000).toISOString()} />;
  const { charging_rate_unit: unit, charging_profile_period: periods, duration } = profile;
  const suffix = unit === 'A' ? amperesUnit(rating).slice('A'.length) : '';
  const lines = [
    ...periods.map((it) => (
      <li key={it.start_period}>
        {it.start_period === 0 && begin === undefined ? 'from the start' : at(it.start_period)} · {limitText(it.limit, unit)}
        {suffix}
      </li>
    )),
    ...(duration === undefined ? [] : [<li key="end">{at(duration)} · end</li>]),
  ];
  const rest = lines.length > SHOWN + 1 ? lines.splice(SHOWN) : [];
  return (
    <>
      <ul class="small">{lines}</ul>
      {rest.length > 0 && (
        <details class="small">
          <summary>{rest.length} more</summary>
          <ul>{rest}</ul>
        </details>
      )}
    </>
  );
}
