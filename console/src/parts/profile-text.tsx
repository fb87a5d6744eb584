import { limitText } from '../data/quantity.ts';
import type { Profile } from '../data/api-types.ts';
import { Time } from './time.tsx';

/** A charging profile in words: each period with its moment and its limit. */
export function ProfileText({ profile, from }: { profile: Profile; from?: string | undefined }) {
  const begin = from ?? profile.start_date_time;
  const moment = (seconds: number) => (begin === undefined ? undefined : new Date(Date.parse(begin) + seconds * 1000).toISOString());
  const { charging_rate_unit: unit, charging_profile_period: periods, duration } = profile;
  return (
    <ul class="small">
      {periods.map((it) => (
        <li key={it.start_period}>
          {begin === undefined ? <>from {it.start_period} s</> : <Time at={moment(it.start_period)} />} · {limitText(it.limit, unit)}
          {unit === 'A' && ' per phase'}
        </li>
      ))}
      {duration !== undefined && <li>{begin === undefined ? <>after {duration} s</> : <Time at={moment(duration)} />} · ends</li>}
    </ul>
  );
}
