import { ok, type Result } from '../../../domain/result.ts';
import { refuse } from '../refusal.ts';
import { type AnsweredRoute, answerRoute } from '../route.ts';
import { causeTrouble, getTrouble } from './routes.ts';
import type { TroubleAct, TroubleView } from './schemas.ts';

/** The simulated world around a demo node. A production node has none: it is an argument of `createNode`, not a setting. */
export interface Trouble {
  view(): TroubleView;
  /** Fails with a sentence: nothing has this name, or the act is not possible now. */
  cause(act: TroubleAct, of: string): Promise<Result<unknown>>;
}

export const troubleAnswers = (trouble: Trouble): readonly AnsweredRoute[] => [
  answerRoute(getTrouble, async () => ok(trouble.view())),
  answerRoute(
    causeTrouble,
    async ({ body }) => {
      const caused = await trouble.cause(body.act, body.of);
      return caused.ok ? ok(trouble.view()) : refuse(409, 'NOT_POSSIBLE', caused.problem);
    },
    ({ body }) => ({ subject: body.of, says: body.act }),
  ),
];
