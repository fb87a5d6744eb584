import type { AlarmView } from './console-api-types.ts';

/** An alarm with those that it explains. */
export interface Cause {
  alarm: AlarmView;
  effects: readonly AlarmView[];
}
/** Alarms of one kind. */
export interface AlarmGroup {
  kind: AlarmView['kind'];
  causes: readonly Cause[];
}

/** Groups alarms by kind, in the order of the node: the most urgent first. An alarm that another one explains stands under that one. */
export function groupAlarms(alarms: readonly AlarmView[]): readonly AlarmGroup[] {
  const keys = new Set(alarms.map(({ key }) => key));
  const isEffect = ({ caused_by }: AlarmView) => caused_by !== undefined && keys.has(caused_by);
  const causes = alarms.filter((it) => !isEffect(it)).map((alarm) => ({ alarm, effects: alarms.filter((it) => it.caused_by === alarm.key) }));
  return [...Map.groupBy(causes, ({ alarm }) => alarm.kind)].map(([kind, them]) => ({ kind, causes: them }));
}

/** The pages that the actions of an alarm open: the path segments behind /console, and a query. */
export function pageOf(
  action: AlarmView['mend'][number]['action'],
  { kind, session, station, peer, party }: Pick<AlarmView, 'kind' | 'session' | 'station' | 'peer' | 'party'>,
): { to: readonly string[]; search?: string } | undefined {
  switch (action) {
    case 'see-session':
      return session === undefined ? undefined : { to: ['sessions', session] };
    case 'see-station':
      return station === undefined ? undefined : { to: ['stations', station] };
    case 'see-site':
      return { to: ['sites'] };
    case 'see-peer':
      return peer === undefined ? undefined : { to: ['parties', peer] };
    case 'see-exchanges':
      if (kind === 'results-undelivered') return { to: ['exchanges'], search: '?state=UNDELIVERED' };
      return { to: ['exchanges'], ...(station !== undefined && { search: `?station=${encodeURIComponent(station)}` }) };
    case 'see-agreements':
      return { to: ['parties', ...(party === undefined ? [] : [party])] };
    case 'see-audit':
      return { to: ['audit'] };
    default:
      return undefined;
  }
}
