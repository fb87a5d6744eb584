import type { PlanView } from '../data/console-api-types.ts';
import { refusalText } from '../data/labels.ts';
import { limitText } from '../data/quantity.ts';
import { useResource } from '../data/resource.ts';
import { Badge } from '../parts/badge.tsx';
import { Link, SessionLink } from '../parts/link.tsx';
import { NodeText } from '../parts/node-text.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { ProfileText } from '../parts/profile-text.tsx';
import { type Column, SaveCsv, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import type { Texts } from '../text/en.ts';
import { text } from '../text/text.ts';

type Planned = PlanView['sessions'][number];

const columnsOf = ({ columns, sending }: Texts['plan']): readonly Column<Planned>[] => [
  { name: columns.session, show: (it) => <SessionLink session={it.session} />, plain: (it) => it.session },
  { name: columns.site, show: (it) => <Link to={['sites', it.location_id]}>{it.location_id}</Link>, plain: (it) => it.location_id },
  { name: columns.control, show: (it) => <Badge value={it.state} />, plain: (it) => it.state },
  { name: columns.reason, show: (it) => <NodeText>{it.why}</NodeText>, plain: (it) => it.why },
  { name: columns.profile, show: (it) => (it.charging_profile ? <ProfileText profile={it.charging_profile} /> : '–') },
  { name: columns.sent, show: (it) => <Time at={it.sent_at} />, plain: (it) => it.sent_at },
  { name: columns.status, show: (it) => (it.underway ? <span class="badge live">{sending}</span> : statusOf(it)), plain: statusOf },
];

/** Whether the planned profile is in force, as far as the planner knows. */
function statusOf({ underway, refusal, installed, sent_at: sent }: Planned): string {
  if (underway) return text().plan.sending;
  if (refusal !== undefined) return text().plan.refused(refusalText(refusal));
  if (installed) return text().plan.inForce;
  return sent === undefined ? text().plan.notSent : text().plan.notConfirmed;
}

/** The last plan of the SCSP's planner, and the reason for each profile. */
export function PlanPage() {
  const plan = useResource<PlanView>('plan', undefined, { everySeconds: 10, refreshOn: (it) => it.kind === 'session' || it.kind === 'exchange' });
  const columns = columnsOf(text().plan);
  const noPlanner = plan.failure?.status === 404;
  return (
    <Page title={text().plan.title}>
      {noPlanner ? (
        <Card title={text().plan.planner}>
          <Empty what={text().plan.noPlanner}>{text().plan.noPlannerHelp}</Empty>
        </Card>
      ) : (
        <Loaded of={plan}>
          {(it) => (
            <>
              <Card title={text().plan.sites} note={it.planned_at === undefined ? text().plan.notPlanned : text().plan.planned(<Time at={it.planned_at} />)}>
                {it.sites.length > 0 ? (
                  <Table
                    name={text().plan.sites}
                    rows={it.sites}
                    idOf={(site) => site.location_id}
                    columns={[
                      { name: text().plan.site, show: (site) => <Link to={['sites', site.location_id]}>{site.location_id}</Link> },
                      { name: text().plan.limit, show: (site) => limitText(site.limit, site.unit), right: true },
                    ]}
                  />
                ) : (
                  <Empty what={text().plan.noSites} />
                )}
              </Card>
              <Card title={text().plan.sessions} actions={<SaveCsv name={text().plan.title} columns={columns} rows={it.sessions} />}>
                {it.sessions.length > 0 ? (
                  <Table name={text().plan.title} columns={columns} rows={it.sessions} idOf={(planned) => planned.session} />
                ) : (
                  <Empty what={text().plan.noSessions}>{text().plan.noSessionsHelp}</Empty>
                )}
              </Card>
            </>
          )}
        </Loaded>
      )}
    </Page>
  );
}
