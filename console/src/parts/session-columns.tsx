import type { SessionView } from '../data/api-types.ts';
import { energyText, limitText, powerText } from '../data/quantity.ts';
import { Badge } from './badge.tsx';
import { PeerLink, SessionLink, StationLink } from './link.tsx';
import { StaleSince } from './stale-since.tsx';
import type { Column } from './table.tsx';
import { Time } from './time.tsx';

/** The parties whose profiles the session has. Without a profile, a limit at an own station comes from its site or from the station. */
function steeredBy({ inputs, limit, side }: SessionView): string {
  if (inputs.length > 0) return inputs.map(({ by }) => by).join(', ');
  return limit && side === 'own' ? 'site or station' : '–';
}

function stationOf({ station, peer, stale_since: stale }: SessionView) {
  if (station !== undefined)
    return (
      <>
        <StationLink station={station} /> <StaleSince at={stale} />
      </>
    );
  if (peer === undefined) return '–';
  return (
    <>
      of peer <PeerLink peer={peer} />
    </>
  );
}

function powerOf({ power, metered_above_limit: above }: SessionView) {
  if (power === undefined) return '–';
  return above ? (
    <>
      <span class="badge warn">above its limit</span> {powerText(power)}
    </>
  ) : (
    powerText(power)
  );
}

/** The columns of a list of sessions. */
export const sessionColumns: readonly Column<SessionView>[] = [
  { name: 'Session', show: (it) => <SessionLink session={it.key} />, plain: (it) => it.key },
  { name: 'Status', show: (it) => <Badge value={it.session.status} />, plain: (it) => it.session.status },
  {
    name: 'Station',
    show: stationOf,
    plain: (it) => it.station ?? it.peer,
  },
  { name: 'EVSE', show: (it) => it.session.evse_uid, plain: (it) => it.session.evse_uid },
  { name: 'Power', show: powerOf, plain: (it) => it.power, right: true },
  {
    name: 'Limit',
    show: (it) => (it.limit ? limitText(it.limit.limit, it.limit.unit) : 'none'),
    plain: (it) => (it.limit ? `${it.limit.limit} ${it.limit.unit}` : ''),
    right: true,
  },
  { name: 'Steered by', show: steeredBy, plain: (it) => it.inputs.map(({ by }) => by).join(' ') },
  { name: 'Energy', show: (it) => energyText(it.session.kwh), plain: (it) => it.session.kwh, right: true },
  { name: 'Since', show: (it) => <Time at={it.session.start_date_time} />, plain: (it) => it.session.start_date_time },
];
