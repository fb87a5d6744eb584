/** How an outcome or a state is coloured; the word itself always stands beside the colour. */
export function toneOf(word: string): 'good' | 'warn' | 'bad' | 'plain' {
  if (/^(ACCEPTED|CONFIRMED|DELIVERED|REGISTERED|ACTIVE|ONLINE|INSTALLED|RUNNING|OK)$/i.test(word)) return 'good';
  if (/^(REJECTED|REFUSED|NOT_SUPPORTED|UNKNOWN_SESSION|TIMED_OUT|UNDELIVERED|UNREGISTERED|INVALID|OFFLINE|HALTED|FAILED)$/i.test(word)) return 'bad';
  if (/^(UNKNOWN|UNCERTAIN|DELIVERY_UNKNOWN|TOO_OFTEN|CANCELLED|INVITED|REGISTERING|PENDING)$/i.test(word)) return 'warn';
  return 'plain';
}

/** A word of a closed list, with the colour that goes with it. */
export function Badge({ word, live = false }: { word: string; live?: boolean }) {
  return <span class={`badge ${toneOf(word)}${live ? ' live' : ''}`}>{word.toLowerCase().replaceAll('_', ' ')}</span>;
}

/** How an exchange stands: its outcome, or the step it is at. */
export function OutcomeBadge({ exchange }: { exchange: { open: boolean; outcome?: string | undefined; state: string; reason?: string | undefined } }) {
  if (exchange.open) return <span class="badge live">{exchange.state.toLowerCase()} …</span>;
  return (
    <span class="row">
      <Badge word={exchange.outcome ?? exchange.state} />
      {exchange.reason !== undefined && exchange.outcome !== 'ACCEPTED' && <span class="small soft">{exchange.reason.replaceAll('_', ' ')}</span>}
    </span>
  );
}
