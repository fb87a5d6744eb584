import type { Listed, LocationView, SessionView, StationView } from '../data/api-types.ts';
import { valueAt } from '../data/chart-model.ts';
import type { Load, PlanView, SiteView } from '../data/console-api-types.ts';
import { limitText, powerText } from '../data/quantity.ts';
import { type Resource, useResource } from '../data/resource.ts';
import { LoadChart } from '../parts/load-chart.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { SiteDay } from '../parts/site-day.tsx';
import { SiteLimits } from '../parts/site-limits.tsx';
import { SiteTree } from '../parts/site-tree.tsx';
import { text } from '../text/text.ts';

/** All sites with load, limits, stations, EVSEs and running sessions; `only` shows one of them. */
export function SitesPage({ only }: { only?: string | undefined }) {
  const refresh = { everySeconds: 15, refreshOn: (it: { kind: string }) => it.kind === 'session' || it.kind === 'exchange' };
  const locations = useResource<Listed<LocationView>>('locations', { limit: 200 });
  const stations = useResource<{ items: StationView[] }>('stations', undefined, { everySeconds: 15 });
  const sessions = useResource<Listed<SessionView>>('sessions', { status: 'ACTIVE', limit: 200 }, refresh);
  const plan = useResource<PlanView>('plan', undefined, { everySeconds: 30 });
  const sites = useResource<{ items: SiteView[] }>('sites', undefined, { everySeconds: 5 });
  const load = useResource<Load>('load', { minutes: 60 }, refresh).value;
  const shown = (load?.sites ?? []).filter((it) => only === undefined || it.location_id === only);
  return (
    <Page title={only ?? text().site.plural} trail={only === undefined ? [] : [{ name: text().nav.sites, to: ['sites'] }]}>
      {load && shown.length > 0 && (
        <Card title={text().site.load} note={text().overview.loadNote}>
          <LoadChart load={{ ...load, sites: shown }} />
        </Card>
      )}
      <SiteDay sites={sitesOf(sites.value?.items ?? [], locations.value?.items ?? [], only)} />
      {only === undefined && (sites.value?.items ?? []).map((it) => <SiteLimits key={it.name} site={it} onDone={sites.reload} />)}
      <Loaded of={locations}>
        {({ items }) => {
          const chosen = items.filter((it) => only === undefined || it.location.id === only);
          if (chosen.length === 0) return <Empty what={text().site.none}>{text().site.noneHelp}</Empty>;
          return chosen.map((it) => (
            <SiteTree
              key={it.key}
              location={it}
              limit={limitOf(it, { plan, load, sites })}
              load={loadOf(it, load)}
              stations={stations.value?.items ?? []}
              sessions={sessions.value?.items ?? []}
            />
          ));
        }}
      </Loaded>
    </Page>
  );
}

/** The sites that limit EVSEs of a location; all sites when no location is named. */
function sitesOf(sites: readonly SiteView[], locations: readonly LocationView[], only: string | undefined): readonly SiteView[] {
  if (only === undefined) return sites;
  const uids = new Set(locations.find(({ location }) => location.id === only)?.location.evses?.map(({ uid }) => uid));
  return sites.filter(({ evses }) => evses.some(({ uid }) => uids.has(uid)));
}

interface LimitSources {
  plan: Resource<PlanView>;
  load: Load | undefined;
  sites: Resource<{ items: SiteView[] }>;
}

/** The limit of a location as text: of the planner, of the grid connection, or the names of the sites that limit parts of it. */
function limitOf({ location }: LocationView, { plan, load, sites }: LimitSources): string | undefined {
  const planned = plan.value?.sites.find((it) => it.location_id === location.id);
  if (planned) return text().site.limit(limitText(planned.limit, planned.unit));
  const watts = load?.sites.find((it) => it.location_id === location.id)?.limit_watts;
  if (watts !== undefined) return text().site.limit(powerText(watts));
  if (!load || !isSettled(plan) || !isSettled(sites)) return undefined;
  const uids = new Set(location.evses?.map(({ uid }) => uid));
  const names = (sites.value?.items ?? []).filter(({ evses }) => evses.some(({ uid }) => uids.has(uid))).map(({ name }) => name);
  return names.length > 0 ? text().site.limitsOf(names.join(', ')) : text().site.noLimit;
}
const isSettled = ({ value, failure }: Resource<unknown>) => value !== undefined || failure !== undefined;

function loadOf({ location }: LocationView, load: Load | undefined): string | undefined {
  const points = load?.sites.find((it) => it.location_id === location.id)?.load;
  const watts = points && load && valueAt(points, Date.parse(load.to) / 1000);
  return watts === undefined || watts === null ? undefined : powerText(watts);
}
