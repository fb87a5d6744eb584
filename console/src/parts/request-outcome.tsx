import { type ApiAnswer, segment } from '../data/api-client.ts';
import type { ExchangeView } from '../data/api-types.ts';
import type { EvseRating } from '../data/quantity.ts';
import { outcomeText } from '../data/request-text.ts';
import { useResource } from '../data/resource.ts';
import { text } from '../text/text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { toneOf } from './badge.tsx';
import { Link } from './link.tsx';
import { ProfileText } from './profile-text.tsx';

interface RequestOutcomeProps {
  kind: 'set' | 'get' | 'clear';
  answer: ApiAnswer<ExchangeView>;
  rating: EvseRating | undefined;
}

/** What became of a set, get or clear that was just sent. It follows the exchange until it ends. */
export function RequestOutcome({ kind, answer, rating }: RequestOutcomeProps) {
  const id = answer.ok && answer.value.open ? answer.value.id : undefined;
  const later = useResource<ExchangeView>(id === undefined ? undefined : `exchanges/${segment(id)}`, undefined, {
    refreshOn: (it) => it.kind === 'exchange',
    everySeconds: 5,
  });
  const begun = answer.ok ? answer.value : answer.exchange;
  if (!answer.ok && !begun) {
    const lost = answer.code === 'UNREACHABLE';
    return (
      <>
        <AnswerNotice answer={answer} success="" />
        {lost && (
          <p class="small soft after">
            {kind === 'set' && `${text().profile.draftKept} `}
            {text().profile.mayHaveArrived}
          </p>
        )}
      </>
    );
  }
  const exchange = later.value ?? begun;
  if (!exchange) return null;
  const outcome = exchange.open ? 'underway' : (exchange.outcome ?? exchange.state);
  const active = exchange.active_charging_profile;
  return (
    <div class={`said ${exchange.open ? 'plain' : toneOf(outcome)}`} role="status" data-outcome={outcome}>
      <p>
        <strong>{outcomeText(exchange)}</strong> <Link to={['exchanges', exchange.id]}>{text().profile.messages}</Link>
      </p>
      {active && <ProfileText profile={active.charging_profile} from={active.start_date_time} rating={rating} />}
    </div>
  );
}
