import type { Overview } from '../data/console-api-types.ts';
import { energyText, fixedText, numberText, powerText } from '../data/quantity.ts';
import { gatewayText } from '../text/gateway-text.ts';
import { FactList } from './fact-list.tsx';
import { Link } from './link.tsx';
import { Card } from './page.tsx';

type Shadow = NonNullable<Overview['shadow']>;

/** What the node would have done at the stations that it only observes, over the last days. */
export function ShadowCard({ shadow }: { shadow: Shadow }) {
  const texts = gatewayText().shadow;
  return (
    <Card
      title={texts.card(shadow.observed)}
      note={texts.note}
      actions={
        <Link to={['shadow']} class="small">
          {texts.open}
        </Link>
      }
    >
      <ShadowFigures of={shadow.totals} />
    </Card>
  );
}

/** The sums of the shadow as figures. */
export function ShadowFigures({ of }: { of: Shadow['totals'] }) {
  const texts = gatewayText().shadow;
  const { set, clear, get } = of.requests;
  const count = (value: number) => numberText(value, 0);
  return (
    <FactList
      of={{
        [texts.notSent]: `${count(set + clear + get)} (${texts.requests(count(set), count(clear), count(get))})`,
        [texts.siteLimits]: count(of.site_limits),
        [texts.refused]: count(of.refused),
        [texts.lowered]: (
          <>
            {energyText(of.lowered_kwh)} <span class="small soft">{texts.loweredNote}</span>
          </>
        ),
        [texts.peak]: powerText(of.lowered_peak_kw * 1_000),
        [texts.above]: texts.minutes(fixedText(of.sites_above_minutes, 1)),
      }}
    />
  );
}
