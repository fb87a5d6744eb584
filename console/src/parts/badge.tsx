import { labelOf, reasonText, stateLabel } from '../data/labels.ts';

/** The colour of an outcome or a state. The word is always shown, too, so that nobody depends on the colour. */
export function toneOf(value: string): 'good' | 'warn' | 'bad' | 'plain' {
  if (/^(ACCEPTED|CONFIRMED|DELIVERED|REGISTERED|ACTIVE|ONLINE|INSTALLED|RUNNING|OK)$/i.test(value)) return 'good';
  if (/^(REJECTED|REFUSED|NOT_SUPPORTED|UNKNOWN_SESSION|TIMED_OUT|UNDELIVERED|UNREGISTERED|INVALID|OFFLINE|HALTED|FAILED)$/i.test(value)) return 'bad';
  if (/^(UNKNOWN|UNCERTAIN|DELIVERY_UNKNOWN|TOO_OFTEN|CANCELLED|INVITED|REGISTERING|PENDING)$/i.test(value)) return 'warn';
  return 'plain';
}

/** A value of a closed list in its colour and in plain words: those of `labelOf`, or `label`. */
export function Badge({ value, label = labelOf(value), live = false }: { value: string; label?: string; live?: boolean }) {
  return <span class={`badge ${toneOf(value)}${live ? ' live' : ''}`}>{label}</span>;
}

interface OutcomeBadgeProps {
  exchange: { side: string; open: boolean; outcome?: string | undefined; state: string; reason?: string | undefined };
}

/** The outcome of an exchange with its reason, or its state while it is open. */
export function OutcomeBadge({ exchange }: OutcomeBadgeProps) {
  if (exchange.open) return <span class="badge live">{stateLabel(exchange)} …</span>;
  return (
    <span class="row">
      <Badge value={exchange.outcome ?? exchange.state} />
      {exchange.reason !== undefined && exchange.outcome !== 'ACCEPTED' && <ReasonText reason={exchange.reason} />}
    </span>
  );
}

/** The reason of an exchange as a clause, with its code on hover. */
const ReasonText = ({ reason }: { reason: string }) => (
  <span class="small soft" title={reason}>
    {reasonText(reason)}
  </span>
);
