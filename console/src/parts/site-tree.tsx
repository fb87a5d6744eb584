import type { LocationView, SessionView, StationView } from '../data/api-types.ts';
import { limitWithOrigin } from '../data/limit-text.ts';
import { powerText } from '../data/quantity.ts';
import { text } from '../text/text.ts';
import { Badge } from './badge.tsx';
import { Link, SessionLink, StationLink } from './link.tsx';
import { Card } from './page.tsx';
import { Time } from './time.tsx';

interface SiteTreeProps {
  location: LocationView;
  /** The limit as text; undefined while it is loading. */
  limit: string | undefined;
  load: string | undefined;
  stations: readonly StationView[];
  sessions: readonly SessionView[];
}

/** One site as a tree of stations, EVSEs and running sessions. */
export function SiteTree({ location: { location, side, peer, told }, limit = '…', load, stations, sessions }: SiteTreeProps) {
  const texts = text().site;
  const note = [side === 'own' ? texts.ownStations : texts.reportedBy(peer ?? texts.aPeer), location.city === '#NA' ? undefined : location.city]
    .filter(Boolean)
    .join(', ');
  const evses = location.evses ?? [];
  const ownStations = stations.filter((it) => it.location_id === location.id);
  const groups =
    ownStations.length > 0
      ? ownStations.map((it) => ({ station: it, evses: evses.filter(({ uid }) => it.evses.some((evse) => evse.uid === uid)) }))
      : [{ station: undefined, evses }];
  return (
    <Card title={location.name ?? location.id} note={note}>
      <div class="stack">
        <p class="row">
          <Link to={['sites', location.id]}>{location.id}</Link>
          <span class="badge">{limit}</span>
          <span class="badge">{texts.loadNow(load ?? '–')}</span>
          {!location.publish && <span class="badge">{told === 'NOBODY' ? texts.notDescribed : texts.notPublic}</span>}
        </p>
        <ul class="tree">
          {groups.map(({ station, evses: stationEvses }) => (
            <li key={station?.id ?? ''}>
              {station && (
                <span class="row">
                  <StationLink station={station.id} /> <Badge value={station.online ? 'ONLINE' : 'OFFLINE'} />
                </span>
              )}
              <ul class="tree">
                {stationEvses.map((evse) => (
                  <li key={evse.uid} class="row">
                    <span>{evse.uid}</span> <Badge value={evse.status} />
                    {sessions
                      .filter((it) => it.session.evse_uid === evse.uid && it.session.location_id === location.id)
                      .map((it) => (
                        <span key={it.key} class="row">
                          <SessionLink session={it.key} />
                          {it.power !== undefined && <span class="number">{powerText(it.power)}</span>}
                          {it.limit_unknown_since !== undefined && (
                            <span class="soft">{text().session.unknownSince(<Time at={it.limit_unknown_since} />)}</span>
                          )}
                          {it.limit && it.limit_unknown_since === undefined && <span class="soft number">{limitWithOrigin(it.limit)}</span>}
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
