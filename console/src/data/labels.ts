// Plain words for the values of the operator API. A value that is not listed is shown as it came, in lower case.

/** Words of closed lists: outcomes, states of exchanges, peers, stations, EVSEs, sessions, profiles and plans. */
const LABELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    NOT_SUPPORTED: 'not supported',
    TOO_OFTEN: 'too many requests',
    UNKNOWN_SESSION: 'unknown session',
    SENDING: 'sending to the station',
    RESULT: 'result not sent yet',
    DELIVERING: 'sending the result',
    DELIVERED: 'result delivered',
    UNDELIVERED: 'result not delivered',
    DELIVERY_UNKNOWN: 'delivery unknown',
    TIMED_OUT: 'no answer in time',
    POSTING: 'sending to the peer',
    AWAITING: 'waiting for the result',
    OUTOFORDER: 'out of order',
    AC_1_PHASE: 'AC, 1 phase',
    AC_2_PHASE: 'AC, 2 phases',
    AC_2_PHASE_SPLIT: 'AC, 2 phases, split',
    AC_3_PHASE: 'AC, 3 phases',
    DC: 'DC',
    FIRST_COME: 'first come, first served',
    EQUAL: 'equal shares',
    PROPORTIONAL: 'shares in proportion to what each can draw',
    BY_PREFERENCE: 'shares by the preference of the driver',
    UNCONTROLLABLE: 'takes no profiles',
    STOPPED: 'stopped after two refusals',
    DROPPED: 'unknown to the CPO',
  }),
);

/** A value of a closed list in plain words: TIMED_OUT is "no answer in time". */
export const labelOf = (value: string): string => LABELS.get(value.toUpperCase()) ?? value.toLowerCase().replaceAll('_', ' ');

/** The state of an exchange. A request of the operator has no result to deliver: it is done. */
export const stateLabel = ({ side, state }: { side: string; state: string }): string => (side === 'own' && state === 'DELIVERED' ? 'done' : labelOf(state));

/** Reasons of an exchange that have a fixed word. */
const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    cp: 'the station answered',
    computed: 'the node computed the answer, because the station cannot report its limits',
    cp_silent: 'the station did not answer in time',
    cp_offline: 'the station went offline before it answered',
    not_sent: 'the request could not be sent to the station in time',
    superseded: 'a newer request replaced this one',
    session_ended: 'the session ended',
    rights_lapsed: 'the party lost its right to steer',
    credentials_deleted: 'the registration of the peer ended',
    crash: 'the node restarted before it knew the result',
    expired: 'it was too late to deliver the result',
    late: 'the result came late',
    result: 'the peer sent its result',
    cpo: 'the CPO sent its result',
    cpo_silent: 'the CPO sent no result in time',
    party_offline: 'the hub reports the party as not connected',
    refused: 'no connection to the peer',
    dns: "the peer's host name is unknown",
    tls: "the peer's certificate is not trusted",
    timeout: 'the peer did not answer in time',
    bad_body: "the peer's answer is not readable",
    bad_request: 'the request could not be built',
    reset_after_send: 'the connection broke before the peer answered',
    origin_blocked: "the peer's address is not allowed",
    redirect: 'the peer answered with a redirect',
    hub_error: 'the hub reported an error',
    hub_timeout: 'the hub got no answer in time',
    unknown_receiver: 'the hub does not know the receiver',
    receiver_not_connected: 'the receiver is not connected to the hub',
  }),
);

/** The reason of an exchange as a clause: `cp_silent` is "the station did not answer in time". */
export function reasonText(reason: string): string {
  const [first = '', later] = reason.split(', then ');
  const [word = '', ...detail] = first.split(': ');
  const more = detail.join(': ');
  const status = /^(http|ocpi)_\dxxx?$/.test(word) && /^\d{3,4}$/.test(more);
  if (status) return clauseOf(word.replace(/\dxxx?$/, more));
  const text = word === 'cp' && more !== '' ? `the station answered ${more}` : `${clauseOf(word)}${more === '' ? '' : `: ${more}`}`;
  return later === undefined ? text : `${text}; later the result ${labelOf(later)} came`;
}

/** The refusal of a plan, such as `REJECTED (cp: Rejected)`, as a clause. */
export function refusalText(refusal: string): string {
  const [, result, reason] = /^([A-Z_]+) \((.*)\)$/.exec(refusal) ?? [];
  if (result === undefined || reason === undefined) return /^[A-Z_]+$/.test(refusal) ? labelOf(refusal) : refusal;
  return reason === result ? labelOf(result) : `${labelOf(result)}, ${reasonText(reason)}`;
}

function clauseOf(word: string): string {
  const [, protocol, code] = /^(http|ocpi)_(\w+)$/.exec(word) ?? [];
  if (protocol !== undefined) return `the peer answered with ${protocol.toUpperCase()} status ${code}`;
  // Text of a peer stays as it is; a single word of the node is shown like other words.
  return REASONS.get(word) ?? (/^\w+$/.test(word) ? labelOf(word) : word);
}

const SECURITY_KINDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'forged-from': 'Unapproved sender',
    'foreign-to': 'Unknown receiver',
    'foreign-session': 'Session of others',
    'no-contract': 'No contract',
    'foreign-object': 'Object of others',
    'foreign-host': 'Unapproved host',
    'party-claimed': 'Party to approve',
    'token-claimed': 'Token to approve',
    'quota-reached': 'Quota reached',
    'too-many-messages': 'Too many messages',
    'rights-lapsed': 'Rights ended',
    'rights-unchecked': 'Rights not checked',
    'party-halted': 'Party halted',
    'many-sessions-stopped': 'Many sessions stopped',
    'guessed-passwords': 'Password guessing',
  }),
);
/** The kind of a security event as a heading. */
export const securityLabel = (kind: string): string => SECURITY_KINDS.get(kind) ?? kind;

const ACTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'log-in': 'sign in',
    'log-out': 'sign out',
    'impose-limit': 'apply site limit',
    'lift-limit': 'remove site limit',
    'rotate-peer': 'rotate tokens of peer',
    'peer-gone': 'peer unregistered',
  }),
);
/** An action of the audit in plain words. */
export const actionLabel = (action: string): string => ACTIONS.get(action) ?? action.replaceAll('-', ' ');

const MESSAGE_STEPS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'relayed-request': 'forwarded request',
    'relayed-answer': 'answer to the forwarded request',
    'station-call': 'request to the station',
    'station-answer': 'answer of the station',
    delivery: 'result to the peer',
  }),
);
/** The part that a message has in its exchange. */
export const messageStepLabel = (step: string): string => MESSAGE_STEPS.get(step) ?? step;
