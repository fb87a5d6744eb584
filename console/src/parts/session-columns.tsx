import type { SessionView } from '../data/api-types.ts';
import { limitedByText, limitWithOrigin } from '../data/limit-text.ts';
import { energyText, powerText } from '../data/quantity.ts';
import { text } from '../text/text.ts';
import { Badge } from './badge.tsx';
import { Link, PeerLink, SessionLink, StationLink } from './link.tsx';
import { StaleSince } from './stale-since.tsx';
import type { Column } from './table.tsx';
import { Time } from './time.tsx';

/** The parties whose profiles the session has; without a profile, the share of a site or a limit of the station itself. */
function steeredBy({ inputs, limit }: SessionView): string {
  if (inputs.length > 0) return inputs.map(({ by }) => by).join(', ');
  return limit?.origin.kind === 'site' || limit?.origin.kind === 'station' ? text().session.steeredWithout[limit.origin.kind] : '–';
}

function stationOf({ station, peer, stale_since: stale }: SessionView) {
  if (station !== undefined)
    return (
      <>
        <StationLink station={station} /> <StaleSince at={stale} />
      </>
    );
  if (peer === undefined) return '–';
  return text().session.ofPeer(<PeerLink peer={peer} />);
}

function limitOf({ limit, limit_unknown_since: unknownSince }: SessionView) {
  if (unknownSince !== undefined) return text().session.unknownSince(<Time at={unknownSince} />);
  return limit ? limitWithOrigin(limit) : text().session.noLimit;
}

function powerOf({ power, metered_above_limit: above }: SessionView) {
  if (power === undefined) return '–';
  return above ? (
    <>
      <span class="badge warn">{text().session.aboveLimit}</span> {powerText(power)}
    </>
  ) : (
    powerText(power)
  );
}

/** The EVSE and the card: what people call a session by. */
const nameOf = ({ key, session: { evse_uid: evse, cdr_token: token } }: SessionView) => (
  <>
    <Link to={['sessions', key]}>{evse}</Link>
    {token && <span class="small soft line">{token.uid}</span>}
  </>
);

/** The columns of a list of sessions. */
export const sessionColumns = ({ columns } = text().session): readonly Column<SessionView>[] => [
  { name: columns.evse, show: nameOf, plain: (it) => it.session.evse_uid, sort: 'name' },
  { name: columns.status, show: (it) => <Badge value={it.session.status} />, plain: (it) => it.session.status },
  {
    name: columns.station,
    show: stationOf,
    plain: (it) => it.station ?? it.peer,
  },
  { name: columns.power, show: powerOf, plain: (it) => it.power, right: true, sort: 'power' },
  {
    name: columns.limit,
    sort: 'limit',
    show: limitOf,
    plain: (it) => (it.limit ? `${it.limit.limit} ${it.limit.unit}` : it.limit_unknown_since === undefined ? '' : 'unknown'),
  },
  { name: text().why.column, show: limitedByText, plain: (it) => [it.limited_by?.cause, it.limited_by?.name].filter((one) => one !== undefined).join(' ') },
  { name: columns.steeredBy, show: steeredBy, plain: (it) => it.inputs.map(({ by }) => by).join(' ') },
  { name: columns.energy, show: (it) => energyText(it.session.kwh), plain: (it) => it.session.kwh, right: true, sort: 'energy' },
  { name: columns.since, show: (it) => <Time at={it.session.start_date_time} />, plain: (it) => it.session.start_date_time, sort: 'start' },
  { name: columns.session, show: (it) => <SessionLink session={it.key} />, plain: (it) => it.key },
];
