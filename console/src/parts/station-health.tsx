import type { StationView } from '../data/api-types.ts';
import { Badge } from './badge.tsx';

/** Whether a station is connected, and why it is not healthy. */
export function StationHealth({ station: { online, health } }: { station: StationView }) {
  const says = health.state === 'healthy' || health.state === 'away' ? undefined : health.reason;
  return (
    <span class="row">
      <Badge value={online ? 'ONLINE' : 'OFFLINE'} />
      {health.state === 'refuses-limits' && <span class="badge bad">refuses limits</span>}
      {says !== undefined && <span class="small soft">{says}</span>}
    </span>
  );
}
