import type { SessionView } from '../data/api-types.ts';
import { labelOf } from '../data/labels.ts';
import { type EvseRating, energyText, limitText, powerText } from '../data/quantity.ts';
import { Badge } from './badge.tsx';
import { FactList } from './fact-list.tsx';
import { PeerLink, StationLink } from './link.tsx';
import { Card } from './page.tsx';
import { ProfileText } from './profile-text.tsx';
import { StaleSince } from './stale-since.tsx';
import { Time } from './time.tsx';

/** The details of a session, and the charging profiles that it has. */
export function SessionFacts({ session: view, rating }: { session: SessionView; rating: EvseRating | undefined }) {
  const { session, station, peer } = view;
  const token = session.cdr_token;
  return (
    <div class="two">
      <Card title="Session">
        <FactList
          of={{
            Key: <span class="mono">{view.key}</span>,
            Station: station !== undefined ? <StationLink station={station} /> : undefined,
            'Reported by': peer !== undefined ? <PeerLink peer={peer} /> : undefined,
            Location: session.location_id,
            EVSE: `${session.evse_uid}, connector ${session.connector_id}`,
            Meter: session.meter_id,
            Figures: view.stale_since === undefined ? undefined : <StaleSince at={view.stale_since} />,
            'Power now': view.power === undefined ? undefined : powerText(view.power),
            'Above its limit': aboveText(view),
            Deviation: deviationText(view),
            Energy: energyText(session.kwh),
            Started: <Time at={session.start_date_time} />,
            Ended: session.end_date_time === undefined ? undefined : <Time at={session.end_date_time} />,
            Cost: session.total_cost === undefined ? 'unknown' : costOf(session.total_cost, session.currency),
            Token: token ? `${token.type} ${token.uid}` : 'none yet',
            Contract: token ? `${token.country_code}*${token.party_id} ${token.contract_id}` : undefined,
            'Authorised by': labelOf(session.auth_method),
            Updated: <Time at={session.last_updated} />,
          }}
        />
      </Card>
      <Profiles session={view} rating={rating} />
    </div>
  );
}

/** What the node found about the meter: "11 kW instead of 6.9 kW since …". */
function aboveText({ metered_above_limit: above }: SessionView) {
  if (!above) return undefined;
  return (
    <>
      {limitText(above.measured, above.unit)} instead of {limitText(above.limit, above.unit)}, since <Time at={above.since} />
    </>
  );
}

/** What the station reports against what it accepted. */
function deviationText({ deviation }: SessionView) {
  if (!deviation) return undefined;
  return `the station reports ${firstLimit(deviation.said)}, ${deviation.how} the ${firstLimit(deviation.computed)} that it accepted`;
}
function firstLimit({
  charging_profile: { charging_profile_period: periods, charging_rate_unit: unit },
}: NonNullable<SessionView['deviation']>['said']): string {
  const [first] = periods;
  return first ? limitText(first.limit, unit) : 'no limit';
}

function Profiles({
  session: { inputs, active_charging_profile: active, active_charging_profile_computed: computed },
  rating,
}: Parameters<typeof SessionFacts>[0]) {
  return (
    <Card title="Charging profiles" note={inputs.length > 1 ? 'the lowest limit applies at each moment' : undefined}>
      <div class="stack">
        {inputs.length === 0 && <p class="soft">No party has a profile on this session.</p>}
        {inputs.map((it) => (
          <div key={it.by}>
            <p class="row">
              <strong>{it.by}</strong> <Badge value={it.state} />
            </p>
            <ProfileText profile={it.charging_profile} rating={rating} />
          </div>
        ))}
        {active && (
          <div>
            <h3>Active profile, {computed ? 'computed by the node' : 'as the station reports it'}</h3>
            <ProfileText profile={active.charging_profile} from={active.start_date_time} rating={rating} />
          </div>
        )}
      </div>
    </Card>
  );
}

/** A price of OCPI: with and without VAT in 2.2.1, before and after taxes in 2.3.0. */
function costOf(price: NonNullable<SessionView['session']['total_cost']>, currency: string): string {
  const [amount] = Object.values(price).filter((it) => typeof it === 'number');
  return amount === undefined ? 'unknown' : `${amount.toFixed(2)} ${currency}`;
}
