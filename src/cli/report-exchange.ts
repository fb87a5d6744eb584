import type { ExchangeView } from '../node/api/exchanges/schemas.ts';
import type { ApiOptions } from './find-api.ts';
import { CliError, printable, printJsonLine } from './output.ts';
import { terminal } from './terminal.ts';

/** Sends a request; one that was refused after it had begun is returned as an exchange, too. */
export async function exchangeOf(sending: Promise<ExchangeView>): Promise<ExchangeView> {
  const { RefusedRequest } = await import('./api-client.ts');
  return sending.catch((error) => {
    if (error instanceof RefusedRequest && error.exchange) return error.exchange;
    throw error;
  });
}

/** Prints the state of an exchange. An outcome other than ACCEPTED, or none within the time to wait, is a CliError. */
export function reportExchange(exchange: ExchangeView, what: string, { json, wait }: ApiOptions & { wait?: number | true }): void {
  if (json) printJsonLine(exchange);
  if (!exchange.open && exchange.outcome !== 'ACCEPTED')
    throw new CliError(`${what}: ${exchange.outcome ?? exchange.state}${describeReason(exchange)}${ADVICE[exchange.outcome ?? ''] ?? ''}`);
  if (exchange.open && wait !== undefined) throw new CliError(`${what}: no outcome yet; evenkeel exchange ${exchange.id} shows it later`);
  if (json) return;
  terminal().stdout.write(`${what}: ${exchange.open ? `sent, exchange ${exchange.id}` : exchange.outcome}\n`);
}

function describeReason({ reason, outcome }: ExchangeView): string {
  // `cp` and `result` only say that the outcome came from the charge point or from the peer.
  if (!reason || reason === 'cp' || reason === 'result' || reason === outcome) return '';
  return ` (${REASONS[reason] ?? printable(reason)})`;
}

const REASONS: Readonly<Record<string, string>> = {
  not_sent: 'the charge point is offline; nothing was sent',
  observing: 'the node only observes this charge point (upstream.mode: observe); nothing was sent',
  cp_offline: 'the charge point went offline',
  cp_silent: 'the charge point did not answer',
  timeout: 'the peer did not answer in time',
  crash: 'the node stopped before the answer came',
};

const ADVICE: Readonly<Record<string, string>> = {
  UNCERTAIN: ': it is not known whether the charge point applies it; evenkeel get shows what is in force',
  UNKNOWN: ': the charge point had no profile of ours',
};
