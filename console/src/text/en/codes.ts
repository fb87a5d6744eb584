/** Words of closed lists: outcomes, states, power types, rules. A value that is not here is shown as it came, in lower case. */
export const values = {
  // Outcomes and answers.
  ACCEPTED: 'accepted',
  REJECTED: 'rejected',
  NOT_SUPPORTED: 'not supported',
  TOO_OFTEN: 'too many requests',
  UNKNOWN_SESSION: 'unknown session',
  UNKNOWN: 'unknown',
  UNCERTAIN: 'uncertain',
  CANCELLED: 'cancelled',
  OPEN: 'open',
  // States of a request.
  SENDING: 'sending to the station',
  RESULT: 'result not sent yet',
  DELIVERING: 'sending the result',
  DELIVERED: 'result delivered',
  UNDELIVERED: 'result not delivered',
  DELIVERY_UNKNOWN: 'delivery unknown',
  TIMED_OUT: 'no answer in time',
  POSTING: 'sending to the peer',
  AWAITING: 'waiting for the result',
  CONFIRMED: 'confirmed',
  REFUSED: 'refused',
  FAILED: 'failed',
  // Sessions, peers, stations, contracts and profiles.
  ACTIVE: 'active',
  COMPLETED: 'completed',
  INVALID: 'invalid',
  PENDING: 'pending',
  RESERVATION: 'reserved in advance',
  REGISTERED: 'registered',
  REGISTERING: 'registering',
  INVITED: 'invited',
  UNREGISTERED: 'unregistered',
  HALTED: 'halted',
  ONLINE: 'online',
  OFFLINE: 'offline',
  ENDED: 'ended',
  INSTALLED: 'installed',
  // EVSEs.
  AVAILABLE: 'available',
  BLOCKED: 'blocked',
  CHARGING: 'charging',
  INOPERATIVE: 'not in operation',
  OUTOFORDER: 'out of order',
  PLANNED: 'planned',
  REMOVED: 'removed',
  RESERVED: 'reserved',
  AC_1_PHASE: 'AC, 1 phase',
  AC_2_PHASE: 'AC, 2 phases',
  AC_2_PHASE_SPLIT: 'AC, 2 phases, split',
  AC_3_PHASE: 'AC, 3 phases',
  DC: 'DC',
  // Rules of a site, and the control of a planner.
  FIRST_COME: 'first come, first served',
  EQUAL: 'equal shares',
  PROPORTIONAL: 'shares in proportion to what each can draw',
  BY_PREFERENCE: 'shares by the preference of the driver',
  STEERED: 'steered',
  UNCONTROLLABLE: 'takes no profiles',
  STOPPED: 'stopped after two refusals',
  DROPPED: 'unknown to the CPO',
  // Authorization, roles and rights.
  AUTH_REQUEST: 'request to the eMSP',
  COMMAND: 'command',
  WHITELIST: 'list of allowed tokens',
  VIEW: 'view',
  OPERATE: 'operate',
  ADMIN: 'admin',
  SEE: 'see',
  CONTROL: 'control',
  USER: 'user',
  KEY: 'API key',
  NODE: 'node',
};

/** The state of a request of the operator: it has no result to deliver. */
export const done: string = 'done';

/** Reasons of an exchange, as clauses. */
export const reasons = {
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
};

/** How the parts of a reason become one clause. */
export const reasonParts = {
  stationAnswered: (answer: string) => `the station answered ${answer}`,
  peerAnswered: (protocol: string, code: string) => `the peer answered with ${protocol} status ${code}`,
  thenResult: (clause: string, result: string) => `${clause}; later the result ${result} came`,
};

/** Kinds of security events, as headings. */
export const security = {
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
};

/** Actions of the audit. */
export const actions = {
  'acknowledge-alarm': 'acknowledge alarm',
  'add-consent': 'add consent',
  'add-contract': 'add contract',
  'add-key': 'add API key',
  'add-peer': 'connect peer',
  'add-user': 'add user',
  'approve-party': 'approve party',
  'approve-token': 'approve token',
  'cause-trouble': 'cause trouble in the demo',
  'clear-charging-profile': 'clear charging profile',
  'end-contract': 'end contract',
  'get-active-charging-profile': 'get active charging profile',
  'halt-party': 'halt party',
  'ask-abilities': 'abilities asked again',
  'trigger-message': 'message triggered',
  'impose-limit': 'apply site limit',
  'lift-limit': 'remove site limit',
  'log-in': 'sign in',
  'log-out': 'sign out',
  'measure-building': 'report power of building',
  'peer-gone': 'peer unregistered',
  'peer-registered': 'peer registered',
  refused: 'refused',
  'remove-user': 'remove user',
  'resume-party': 'resume party',
  'revoke-key': 'revoke API key',
  'rotate-peer': 'rotate tokens of peer',
  'set-charging-preferences': 'set charging preferences',
  'set-charging-profile': 'set charging profile',
  'set-password': 'set password',
  'unregister-peer': 'unregister peer',
  'withdraw-consent': 'withdraw consent',
};

/** The part that a message has in its exchange. */
export const steps = {
  request: 'request',
  answer: 'answer',
  result: 'result',
  end: 'end',
  'relayed-request': 'forwarded request',
  'relayed-answer': 'answer to the forwarded request',
  'station-call': 'request to the station',
  'station-answer': 'answer of the station',
  delivery: 'result to the peer',
};

/** Who sends or receives a message, beside peers and stations. */
export const places = { node: 'node', operator: 'operator' };

/** Whether the result reached the peer that requested it. */
export const deliveries = { PENDING: 'pending', DELIVERED: 'delivered', UNDELIVERED: 'not delivered', UNKNOWN: 'unknown' };
