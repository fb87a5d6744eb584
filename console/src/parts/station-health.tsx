import type { StationView } from '../data/api-types.ts';
import { text } from '../text/text.ts';
import { Badge } from './badge.tsx';
import { NodeText } from './node-text.tsx';

/** Whether a station is connected, and why it is not healthy. */
export function StationHealth({ station: { online, health } }: { station: StationView }) {
  const { connection, noSmartCharging, refusesLimits } = text().station;
  return (
    <span class="row">
      <Badge value={online ? 'ONLINE' : 'OFFLINE'} />
      {health.state === 'never-connected' && <span class="small soft">{connection.neverConnected}</span>}
      {health.state === 'no-smart-charging' && <span class="small soft">{noSmartCharging}</span>}
      {health.state === 'refuses-limits' && (
        <>
          <span class="badge bad">{refusesLimits}</span>
          <span class="small soft">
            <NodeText>{health.reason}</NodeText>
          </span>
        </>
      )}
    </span>
  );
}
