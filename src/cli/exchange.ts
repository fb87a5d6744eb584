import type { Command } from 'commander';
import type { ExchangeMessages, ExchangeView, MessageView } from '../node/api/exchanges/schemas.ts';
import { timeOfDay } from './describe-session.ts';
import { type ApiOptions, connect, withApiOptions } from './find-api.ts';
import { printable, printJsonLine } from './output.ts';
import { factLines, valueText } from './print.ts';

/** `exchange`: shows one request about a charging profile with all its messages. */
export function addExchangeCommand(program: Command): void {
  withApiOptions(
    program
      .command('exchange')
      .argument('<exchange>', 'id of the exchange, or its beginning, as evenkeel exchanges shows it')
      .summary('show one request with all its messages')
      .description('Shows one request about a charging profile: its result, whether the result was delivered, and all messages with secrets hidden.'),
  ).action(async (id: string, options: ApiOptions) => {
    const { client, routes } = await connect(options);
    const found = await client.send(routes.getMessages, { params: { exchange: id } });
    return options.json ? printJsonLine(found) : printExchange(found);
  });
}

async function printExchange({ exchange, messages }: ExchangeMessages): Promise<void> {
  const { printLines } = await import('./table.ts');
  const facts = factsOf(exchange).flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
  printLines([...factLines(facts), '', ...messages.flatMap(linesOf).map(printable)]);
}

const factsOf = (it: ExchangeView): readonly (readonly [string, string | undefined])[] => [
  ['exchange', it.id],
  ['request', `${it.kind} of ${it.session}`],
  ['with', [it.peer, it.station].filter(Boolean).join(', ') || undefined],
  ['answer', it.answer],
  ['message', it.status_message],
  ['state', it.state],
  ['result', it.result],
  ['delivery', it.delivery],
  ['reason', it.reason],
  ['accepted', it.accepted_at],
  ['deadline', it.deadline],
  ['ended', it.ended_at],
  ['X-Request-ID', it.request_id],
  ['X-Correlation-ID', it.correlation_id],
  ['result goes to', it.response_url],
];

/** One line for each message, and its content on a second line. */
function linesOf({ at, after_ms: after, step, from, to, protocol, name, word, body }: MessageView): string[] {
  const time = at === undefined ? '' : timeOfDay(at);
  const span = after === undefined ? '' : `+${after} ms`;
  const way = step === 'end' ? 'end' : `${from} -> ${to}`;
  const head = [time.padEnd(8), span.padStart(10), way, step === 'end' ? name : `${protocol} ${name}`, word].filter((it) => it !== undefined && it !== '');
  const content = body === undefined ? '' : valueText(body);
  return [head.join('  '), ...(content === '' ? [] : [`${' '.repeat(20)}${content}`])];
}
