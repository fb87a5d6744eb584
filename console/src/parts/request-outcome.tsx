import type { ApiAnswer } from '../data/api-client.ts';
import { limitText } from '../data/quantity.ts';
import { segment } from '../data/api-client.ts';
import { useResource } from '../data/resource.ts';
import type { ExchangeView } from '../data/api-types.ts';
import { toneOf } from './badge.tsx';
import { Link } from './link.tsx';
import { ProfileText } from './profile-text.tsx';
import { AnswerNotice } from './answer-notice.tsx';

/** What became of a set, get or clear that was just asked; it follows the exchange until its end. */
export function RequestOutcome({ doing, answer }: { doing: 'set' | 'get' | 'clear'; answer: ApiAnswer<ExchangeView> }) {
  const id = answer.ok && answer.value.open ? answer.value.id : undefined;
  const later = useResource<ExchangeView>(id === undefined ? undefined : `exchanges/${segment(id)}`, undefined, {
    refreshOn: (it) => it.kind === 'exchange',
    everySeconds: 5,
  });
  if (!answer.ok) return <AnswerNotice answer={answer} good="" />;
  const exchange = later.value ?? answer.value;
  const word = exchange.open ? 'underway' : (exchange.outcome ?? exchange.state);
  const tone = exchange.open ? 'plain' : toneOf(word);
  return (
    <div class={`said ${tone}`} role="status" data-outcome={word}>
      <p>
        <strong>
          {doing === 'set' ? 'Set' : doing === 'get' ? 'Get' : 'Clear'}: {word.toLowerCase().replaceAll('_', ' ')}
        </strong>
        {exchange.reason !== undefined && ` (${exchange.reason.replaceAll('_', ' ')})`} · <Link to={['exchanges', exchange.id]}>every message</Link>
      </p>
      {exchange.active_charging_profile && (
        <ProfileText profile={exchange.active_charging_profile.charging_profile} from={exchange.active_charging_profile.start_date_time} />
      )}
      {doing === 'set' && word === 'ACCEPTED' && exchange.charging_profile && (
        <p class="small">
          {limitText(exchange.charging_profile.charging_profile_period[0]?.limit ?? 0, exchange.charging_profile.charging_rate_unit)} is in force at the charge
          point.
        </p>
      )}
    </div>
  );
}
