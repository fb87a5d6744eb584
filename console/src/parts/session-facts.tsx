import type { SessionView } from '../data/api-types.ts';
import { labelOf } from '../data/labels.ts';
import { type EvseRating, energyText, fixedText, limitText, powerText } from '../data/quantity.ts';
import { gatewayText } from '../text/gateway-text.ts';
import { text } from '../text/text.ts';
import { Badge } from './badge.tsx';
import { FactList } from './fact-list.tsx';
import { PeerLink, StationLink } from './link.tsx';
import { NodeText } from './node-text.tsx';
import { Card } from './page.tsx';
import { ProfileText } from './profile-text.tsx';
import { StaleSince } from './stale-since.tsx';
import { Time } from './time.tsx';

/** The details of a session, and the charging profiles that it has. */
export function SessionFacts({ session: view, rating }: { session: SessionView; rating: EvseRating | undefined }) {
  const { session, station, peer } = view;
  const token = session.cdr_token;
  const { facts } = text().session;
  return (
    <div class="two">
      <Card title={facts.title}>
        <FactList
          of={{
            [facts.key]: <span class="mono">{view.key}</span>,
            [facts.station]: station !== undefined ? <StationLink station={station} /> : undefined,
            [facts.reportedBy]: peer !== undefined ? <PeerLink peer={peer} /> : undefined,
            [facts.location]: session.location_id,
            [facts.evse]: text().session.connector(session.evse_uid, session.connector_id),
            [facts.meter]: session.meter_id,
            [facts.figures]: view.stale_since === undefined ? undefined : <StaleSince at={view.stale_since} />,
            [facts.powerNow]: view.power === undefined ? undefined : powerText(view.power),
            [facts.aboveLimit]: aboveText(view),
            [facts.deviation]: deviationText(view),
            [facts.energy]: energyText(session.kwh),
            [facts.started]: <Time at={session.start_date_time} />,
            [facts.ended]: session.end_date_time === undefined ? undefined : <Time at={session.end_date_time} />,
            [facts.cost]: session.total_cost === undefined ? text().page.unknownValue : costOf(session.total_cost, session.currency),
            [facts.token]: token ? `${token.type} ${token.uid}` : facts.noToken,
            [facts.contract]: token ? `${token.country_code}*${token.party_id} ${token.contract_id}` : undefined,
            [facts.authorisedBy]: labelOf(session.auth_method),
            [facts.updated]: <Time at={session.last_updated} />,
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
  return text().session.above(limitText(above.measured, above.unit), limitText(above.limit, above.unit), <Time at={above.since} />);
}

/** What the station reports against what it accepted. */
function deviationText({ deviation }: SessionView) {
  if (!deviation) return undefined;
  const [said, computed] = [firstLimit(deviation.said), firstLimit(deviation.computed)];
  const texts = text().session.deviation[deviation.how];
  return said === computed ? texts.later : texts.now(said, computed);
}

function firstLimit({
  charging_profile: { charging_profile_period: periods, charging_rate_unit: unit },
}: NonNullable<SessionView['deviation']>['said']): string {
  const [first] = periods;
  return first ? limitText(first.limit, unit) : text().session.unlimited;
}

function Profiles({
  session: { inputs, csms, combination, limit_unknown_since: unknownSince, active_charging_profile: active, active_charging_profile_computed: computed },
  rating,
}: Parameters<typeof SessionFacts>[0]) {
  return (
    <Card title={text().session.profiles} note={inputs.length > 0 ? <NodeText>{combination.says}</NodeText> : undefined}>
      <div class="stack">
        {inputs.length === 0 && <p class="soft">{text().session.noProfiles}</p>}
        {inputs.map((it) => (
          <div key={it.by}>
            <p class="row">
              <strong>{it.by}</strong> <Badge value={it.state} />
            </p>
            <ProfileText profile={it.charging_profile} rating={rating} />
          </div>
        ))}
        {csms && <CsmsProfiles csms={csms} rating={rating} />}
        {unknownSince !== undefined && <p class="said warn">{text().session.limitUnknown(<Time at={unknownSince} />)}</p>}
        {active && (
          <div>
            <h3>{computed ? text().session.activeComputed : text().session.activeReported}</h3>
            <ProfileText profile={active.charging_profile} from={active.start_date_time} rating={rating} />
          </div>
        )}
      </div>
    </Card>
  );
}

/** What the CSMS behind this node has set for the session. */
function CsmsProfiles({ csms, rating }: { csms: NonNullable<SessionView['csms']> } & Pick<Parameters<typeof SessionFacts>[0], 'rating'>) {
  const { session: texts, csms: name } = gatewayText();
  return (
    <div>
      <h3>{texts.title(texts.decides[csms.smart_charging])}</h3>
      {csms.uncertain && <p class="said warn">{texts.uncertain}</p>}
      {csms.profiles.length === 0 && <p class="soft">{texts.none}</p>}
      {csms.profiles.map((it) => (
        <div key={it.id}>
          <p class="row">
            <strong>{name}</strong> <span class="soft">{texts.profile(it.id, it.purpose, it.stack_level)}</span>
          </p>
          {it.charging_profile && <ProfileText profile={it.charging_profile} rating={rating} />}
        </div>
      ))}
    </div>
  );
}

/** A price of OCPI: with and without VAT in 2.2.1, before and after taxes in 2.3.0. */
function costOf(price: NonNullable<SessionView['session']['total_cost']>, currency: string): string {
  const [amount] = Object.values(price).filter((it) => typeof it === 'number');
  return amount === undefined ? text().page.unknownValue : `${fixedText(amount, 2)} ${currency}`;
}
