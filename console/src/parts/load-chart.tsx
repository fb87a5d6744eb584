import { useMemo } from 'preact/hooks';
import { type ChartModel, type Line, TONES } from '../data/chart-model.ts';
import type { Load } from '../data/console-api-types.ts';
import { powerText } from '../data/quantity.ts';
import { text } from '../text/text.ts';
import { Chart } from './chart.tsx';

/** The metered power of each site over the last hour, stacked; below it the limit of each site that has one. */
export function LoadChart({ load, height = 220 }: { load: Load; height?: number }) {
  const texts = text();
  const model = useMemo((): ChartModel => {
    const from = Date.parse(load.from) / 1000;
    const to = Date.parse(load.to) / 1000;
    const lines = load.sites.map(
      (it, n): Line => ({ name: it.name ?? it.location_id, tone: TONES[n % TONES.length] ?? 't1', shape: 'steps', points: it.load }),
    );
    return { name: texts.overview.load, axis: { unit: 'kW', per: 1000 }, format: powerText, from, to, stacked: true, lines };
  }, [load, texts]);
  const limits = load.sites.filter((it) => it.limit_watts !== undefined);
  return (
    <>
      <Chart model={model} height={height} />
      {limits.map((it) => (
        <p key={it.location_id} class="small soft">
          {text().site.limitOf(it.name ?? it.location_id, powerText(it.limit_watts ?? 0))}
        </p>
      ))}
    </>
  );
}
