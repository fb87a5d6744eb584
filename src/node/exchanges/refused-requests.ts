import type { ResponseType } from '../../domain/exchange.ts';
import { type Rate, TokenBuckets } from '../../domain/token-bucket.ts';
import { seconds } from '../../domain/units.ts';
import type { NewExchange } from '../../store/sql/exchange.ts';
import { addRefusedRequest, forgetRefusedRequests } from '../../store/sql/refused-request.ts';
import type { Context } from '../core/context.ts';
import { draftExchange } from './draft-exchange.ts';

/** How many refused requests of one peer are recorded: 60 in a row, then one every 10 s. The others are only counted in the metrics. */
const RECORDED: Rate = { burst: 60, every: seconds(10) };
/** Peers whose refused requests are counted at most. */
const MOST_COUNTED = 10_000;

/** A request that this node refused, and its answer. */
export interface RefusedRequest
  extends Pick<NewExchange, 'side' | 'ask' | 'peer' | 'party' | 'session' | 'edition' | 'requestId' | 'correlationId' | 'bodyHash' | 'timeout'>,
    Partial<Pick<NewExchange, 'station'>> {
  answer: { result: ResponseType; message?: string | undefined };
}

/** Keeps requests that this node refused as exchanges, so that an operator finds them beside the accepted ones. A peer cannot fill the store with them. */
export class RefusedRequests {
  readonly #context: Pick<Context, 'store' | 'clock' | 'work' | 'newId'>;
  readonly #recorded = new TokenBuckets(MOST_COUNTED);

  constructor(context: Pick<Context, 'store' | 'clock' | 'work' | 'newId' | 'metrics'>) {
    this.#context = context;
    context.metrics.keep('counted refusals', () => this.#recorded.size);
  }

  /** Records a refusal. The answer does not wait for it. */
  note({ answer, ...fields }: RefusedRequest): void {
    const { store, clock, work } = this.#context;
    const now = clock.steady();
    if (this.#recorded.millisUntilToken(fields.peer, RECORDED, now) > 0) return;
    this.#recorded.take(fields.peer, RECORDED, now);
    const exchange = draftExchange(this.#context, { ...fields, state: 'REFUSED' });
    const writes = [addRefusedRequest(exchange, { result: answer.result, message: answer.message }), forgetRefusedRequests(fields.peer)];
    work.start(`refused request of ${fields.peer}`, () => store.commit(writes));
  }
}
