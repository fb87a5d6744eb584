import type { PlanView, SiteView } from '../data/console-api-types.ts';
import { valueAt } from '../data/chart-model.ts';
import { useSiteLoad } from '../data/site-load.ts';
import { limitText, powerText } from '../data/quantity.ts';
import { useResource } from '../data/resource.ts';
import type { Listed, LocationView, SessionView, StationView } from '../data/api-types.ts';
import { SiteLimits } from '../parts/site-limits.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { LoadChart } from '../parts/load-chart.tsx';
import { SiteTree } from '../parts/site-tree.tsx';

/** Sites: where charge points stand, from the location down to the session, with limits and load; `only` shows one of them. */
export function SitesPage({ only }: { only?: string | undefined }) {
  const fresh = { everySeconds: 15, refreshOn: (it: { kind: string }) => it.kind === 'session' || it.kind === 'exchange' };
  const locations = useResource<Listed<LocationView>>('locations', { limit: 200 });
  const stations = useResource<{ items: StationView[] }>('stations', undefined, { everySeconds: 15 });
  const sessions = useResource<Listed<SessionView>>('sessions', { status: 'ACTIVE', limit: 200 }, fresh);
  const plan = useResource<PlanView>('plan', undefined, { everySeconds: 30 });
  const sites = useResource<{ items: SiteView[] }>('sites', undefined, { everySeconds: 5 });
  const load = useSiteLoad(sessions.value);
  const limitOf = (id: string) => {
    const planned = plan.value?.sites.find((it) => it.location_id === id);
    const known = load?.sites.find((it) => it.location_id === id)?.limit_watts;
    return planned ? limitText(planned.limit, planned.unit) : known === undefined ? undefined : powerText(known);
  };
  const shown = (load?.sites ?? []).filter((it) => only === undefined || it.location_id === only);
  return (
    <Page title={only ?? 'Sites'} trail={only === undefined ? [] : [{ name: 'Sites', to: ['sites'] }]}>
      {load && shown.length > 0 && (
        <Card title="Load" note="metered power, last hour">
          <LoadChart load={{ ...load, sites: shown }} />
        </Card>
      )}
      {only === undefined && (sites.value?.items ?? []).map((it) => <SiteLimits key={it.name} site={it} onDone={sites.reload} />)}
      <Loaded of={locations}>
        {({ items }) => {
          const ours = items.filter((it) => only === undefined || it.location.id === only);
          if (ours.length === 0) return <Empty what="No sites">Locations of our charge points and of parties appear here.</Empty>;
          return ours.map((it) => {
            const now = load?.sites.find((site) => site.location_id === it.location.id);
            const watts = now && load && valueAt(now.load, Date.parse(load.to) / 1000);
            return (
              <SiteTree
                key={it.key}
                place={it}
                limit={limitOf(it.location.id)}
                load={watts === undefined || watts === null ? undefined : powerText(watts)}
                stations={stations.value?.items ?? []}
                sessions={sessions.value?.items ?? []}
              />
            );
          });
        }}
      </Loaded>
    </Page>
  );
}
