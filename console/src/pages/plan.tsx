import type { PlanView } from '../data/console-api-types.ts';
import { refusalText } from '../data/labels.ts';
import { limitText } from '../data/quantity.ts';
import { useResource } from '../data/resource.ts';
import { Badge } from '../parts/badge.tsx';
import { Link, SessionLink } from '../parts/link.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { ProfileText } from '../parts/profile-text.tsx';
import { type Column, SaveCsv, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';

type Planned = PlanView['sessions'][number];

const columns: readonly Column<Planned>[] = [
  { name: 'Session', show: (it) => <SessionLink session={it.session} />, plain: (it) => it.session },
  { name: 'Site', show: (it) => <Link to={['sites', it.location_id]}>{it.location_id}</Link>, plain: (it) => it.location_id },
  { name: 'Control', show: (it) => <Badge value={it.state} />, plain: (it) => it.state },
  { name: 'Reason', show: (it) => it.why, plain: (it) => it.why },
  { name: 'Profile', show: (it) => (it.charging_profile ? <ProfileText profile={it.charging_profile} /> : '–') },
  { name: 'Sent', show: (it) => <Time at={it.sent_at} />, plain: (it) => it.sent_at },
  { name: 'Status', show: (it) => (it.underway ? <span class="badge live">being sent</span> : statusOf(it)), plain: statusOf },
];

/** Whether the planned profile is in force, as far as the planner knows. */
function statusOf({ underway, refusal, installed, sent_at: sent }: Planned): string {
  if (underway) return 'being sent';
  if (refusal !== undefined) return `refused: ${refusalText(refusal)}`;
  if (installed) return 'in force';
  return sent === undefined ? 'not sent yet' : 'not confirmed';
}

/** The last plan of the SCSP's planner, and the reason for each profile. */
export function PlanPage() {
  const plan = useResource<PlanView>('plan', undefined, { everySeconds: 10, refreshOn: (it) => it.kind === 'session' || it.kind === 'exchange' });
  const noPlanner = plan.failure?.status === 404;
  return (
    <Page title="Plan">
      {noPlanner ? (
        <Card title="Planner">
          <Empty what="This node has no planner">
            The planner of an SCSP shares the limit of each site among its sessions. It needs an SCSP party (parties) and sites (planner.sites) in the
            configuration.
          </Empty>
        </Card>
      ) : (
        <Loaded of={plan}>
          {(it) => (
            <>
              <Card
                title="Sites"
                note={
                  it.planned_at === undefined ? (
                    'not planned yet'
                  ) : (
                    <>
                      planned <Time at={it.planned_at} />
                    </>
                  )
                }
              >
                {it.sites.length > 0 ? (
                  <Table
                    name="Sites"
                    rows={it.sites}
                    idOf={(site) => site.location_id}
                    columns={[
                      { name: 'Site', show: (site) => <Link to={['sites', site.location_id]}>{site.location_id}</Link> },
                      { name: 'Limit', show: (site) => limitText(site.limit, site.unit), right: true },
                    ]}
                  />
                ) : (
                  <Empty what="No sites" />
                )}
              </Card>
              <Card title="Sessions" actions={<SaveCsv name="Plan" columns={columns} rows={it.sessions} />}>
                {it.sessions.length > 0 ? (
                  <Table name="Plan" columns={columns} rows={it.sessions} idOf={(planned) => planned.session} />
                ) : (
                  <Empty what="No sessions to plan">No session is running at these sites.</Empty>
                )}
              </Card>
            </>
          )}
        </Loaded>
      )}
    </Page>
  );
}
