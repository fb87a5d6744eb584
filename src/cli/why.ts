import type { Command } from 'commander';
import { epochSeconds } from '../domain/units.ts';
import type { Cause } from '../domain/why/cause.ts';
import { causeText, changeText, evidenceText, whySentence } from '../domain/why/why-text.ts';
import type { WhyView } from '../node/api/sessions/schemas.ts';
import { describeLimitWithOrigin, hourAndMinute } from './describe-limit.ts';
import { type ApiOptions, connect, SESSION_ARGUMENT, withApiOptions } from './find-api.ts';
import { printable, printJsonLine } from './output.ts';
import { takeSession } from './take-session.ts';

/** `why`: says why a session charges as fast, or as slowly, as it does. */
export function addWhyCommand(program: Command): void {
  withApiOptions(
    program
      .command('why')
      .argument(...SESSION_ARGUMENT)
      .summary('say why a session charges slowly')
      .description(
        'Says in one sentence what holds a session back now, and lists the causes: the one that binds first, then those that would bind next. Times are those of this machine.',
      ),
  ).action(async (session: string, options: ApiOptions) => {
    const node = await connect(options);
    const { key, label } = await takeSession(node, session);
    const why = await node.client.send(node.routes.getWhy, { params: { session: key } });
    if (options.json) return printJsonLine(why);
    const { printLines } = await import('./table.ts');
    return printLines(describeWhy(why, label).map(printable));
  });
}

const clock = (at: number): string => hourAndMinute(at * 1_000);

/** The sentence, the limit, and each cause with what supports it and what would change it. */
function describeWhy({ verdict, limit, causes: views }: WhyView, session: string): string[] {
  const [first, ...more] = views.map(causeOf);
  if (!first) return [];
  return [
    `${session}: ${whySentence({ verdict, causes: [first, ...more] }, clock)}`,
    ...(limit ? [`Limit: ${describeLimitWithOrigin(limit)}${limit.reported ? '' : ' (not reported by the station yet)'}`] : []),
    ...[first, ...more].flatMap((cause, n) => ['', `${n + 1}. ${causeText(cause, clock)}`, ...detailsOf(cause)]),
  ];
}

const detailsOf = (cause: Cause): string[] => [
  ...(cause.evidence.length === 0 ? [] : [`   Known: ${cause.evidence.map((it) => evidenceText(it, clock)).join('; ')}`]),
  `   What would change it: ${changeText(cause, clock)}`,
];

const secondsOf = (moment: string) => epochSeconds(Date.parse(moment) / 1_000);

function causeOf({ code, name, pauses, evidence, change }: WhyView['causes'][number]): Cause {
  return {
    code,
    ...(name !== undefined && { name }),
    ...(pauses && { pauses }),
    change: change.code,
    evidence: evidence.map(({ since, until, text: _, ...fact }) => ({
      ...fact,
      ...(since !== undefined && { since: secondsOf(since) }),
      ...(until !== undefined && { until: secondsOf(until) }),
    })),
  };
}
