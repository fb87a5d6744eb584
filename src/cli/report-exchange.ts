import type { ExchangeView } from '../node/api/sessions/schemas.ts';
import type { ApiOptions } from './find-api.ts';
import { printJsonLine } from './json-line.ts';
import { CliError } from './output.ts';

/** Says how an exchange stands; one that ended otherwise than ACCEPTED ends the command as a failure. */
export function reportExchange(exchange: ExchangeView, what: string, { json, wait }: ApiOptions & { wait?: number | true }): void {
  if (json) printJsonLine(exchange);
  const reason = exchange.reason && exchange.reason !== 'cp' && exchange.reason !== 'result' ? ` (${exchange.reason})` : '';
  if (!exchange.open && exchange.outcome !== 'ACCEPTED')
    throw new CliError(`${what}: ${exchange.outcome ?? exchange.state}${reason}${MEANINGS[exchange.outcome ?? ''] ?? ''}`);
  if (exchange.open && wait !== undefined) throw new CliError(`${what}: no outcome yet; evenkeel exchanges shows what becomes of ${exchange.id}`);
  if (json) return;
  process.stdout.write(`${what}: ${exchange.open ? `asked, exchange ${exchange.id}` : exchange.outcome}\n`);
}

/** For people: what a word leaves open. */
const MEANINGS: Readonly<Record<string, string>> = {
  UNCERTAIN: ': nobody knows whether the charge point has it; evenkeel get shows what holds',
  UNKNOWN: ': the charge point had no profile of ours',
};
