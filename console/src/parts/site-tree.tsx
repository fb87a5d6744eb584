import { limitText as limitWords, powerText } from '../data/quantity.ts';
import type { LocationView, SessionView, StationView } from '../data/api-types.ts';
import { Badge } from './badge.tsx';
import { Card } from './page.tsx';
import { Link, SessionLink, StationLink } from './link.tsx';

interface SiteTreeProps {
  place: LocationView;
  limit: string | undefined;
  load: string | undefined;
  stations: readonly StationView[];
  sessions: readonly SessionView[];
}

/** One site as a tree: station, EVSE, and the session that runs there. */
export function SiteTree({ place: { location, side, peer }, limit, load, stations, sessions }: SiteTreeProps) {
  const note = [side === 'own' ? 'our charge points' : `told by ${peer ?? 'a peer'}`, location.city === '#NA' ? undefined : location.city]
    .filter(Boolean)
    .join(', ');
  const evses = location.evses ?? [];
  const ours = stations.filter((it) => it.location_id === location.id);
  const groups =
    ours.length > 0
      ? ours.map((it) => ({ station: it, evses: evses.filter(({ uid }) => it.evses.some((evse) => evse.uid === uid)) }))
      : [{ station: undefined, evses }];
  return (
    <Card title={location.name ?? location.id} note={note}>
      <div class="stack">
        <p class="row">
          <Link to={['sites', location.id]}>{location.id}</Link>
          <span class="badge">limit {limit ?? 'not known'}</span>
          <span class="badge">load {load ?? '–'}</span>
        </p>
        <ul class="tree">
          {groups.map(({ station, evses: mine }) => (
            <li key={station?.id ?? ''}>
              {station && (
                <span class="row">
                  <StationLink station={station.id} /> <Badge word={station.online ? 'ONLINE' : 'OFFLINE'} />
                </span>
              )}
              <ul class="tree">
                {mine.map((evse) => (
                  <li key={evse.uid} class="row">
                    <span>{evse.uid}</span> <Badge word={evse.status} />
                    {sessions
                      .filter((it) => it.session.evse_uid === evse.uid && it.session.location_id === location.id)
                      .map((it) => (
                        <span key={it.key} class="row">
                          <SessionLink session={it.key} />
                          {it.power !== undefined && <span class="number">{powerText(it.power)}</span>}
                          {it.limit && <span class="soft number">of {limitWords(it.limit.limit, it.limit.unit)}</span>}
                        </span>
                      ))}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}
