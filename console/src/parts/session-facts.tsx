import { energyText, powerText } from '../data/quantity.ts';
import type { SessionView } from '../data/api-types.ts';
import { Badge } from './badge.tsx';
import { FactList } from './fact-list.tsx';
import { Card } from './page.tsx';
import { PeerLink, StationLink } from './link.tsx';
import { Time } from './time.tsx';
import { ProfileText } from './profile-text.tsx';

/** What a session is, and who steers it. */
export function SessionFacts({ session: view }: { session: SessionView }) {
  const { session, station, peer, inputs, active_charging_profile: active } = view;
  const token = session.cdr_token;
  return (
    <div class="two">
      <Card title="Session">
        <FactList
          of={{
            Key: <span class="mono">{view.key}</span>,
            Station: station !== undefined ? <StationLink station={station} /> : undefined,
            'Told by': peer !== undefined ? <PeerLink peer={peer} /> : undefined,
            Location: session.location_id,
            EVSE: `${session.evse_uid}, connector ${session.connector_id}`,
            Meter: session.meter_id,
            'Power now': view.power === undefined ? undefined : powerText(view.power),
            Energy: energyText(session.kwh),
            Began: <Time at={session.start_date_time} />,
            Ended: session.end_date_time === undefined ? undefined : <Time at={session.end_date_time} />,
            Cost: session.total_cost === undefined ? 'unknown' : costOf(session.total_cost, session.currency),
            Token: token ? `${token.type} ${token.uid}` : 'nobody owns it yet',
            Contract: token ? `${token.country_code}*${token.party_id} ${token.contract_id}` : undefined,
            'Authorised by': session.auth_method.toLowerCase().replaceAll('_', ' '),
            Updated: <Time at={session.last_updated} />,
          }}
        />
      </Card>
      <Card title="Who steers it" note="where there are several, the lowest counts">
        <div class="stack">
          {inputs.length === 0 && <p class="soft">Nobody: no profile is installed.</p>}
          {inputs.map((it) => (
            <div key={it.by}>
              <p class="row">
                <strong>{it.by}</strong> <Badge word={it.state} />
              </p>
              <ProfileText profile={it.charging_profile} />
            </div>
          ))}
          {active && (
            <div>
              <h3>Active profile, as the charge point calculated it</h3>
              <ProfileText profile={active.charging_profile} from={active.start_date_time} />
            </div>
          )}
        </div>
      </Card>
    </div>
  );
}

/** A price of OCPI: with and without VAT in 2.2.1, before and after taxes in 2.3.0. */
function costOf(price: NonNullable<SessionView['session']['total_cost']>, currency: string): string {
  const [amount] = Object.values(price).filter((it) => typeof it === 'number');
  return amount === undefined ? 'unknown' : `${amount.toFixed(2)} ${currency}`;
}
