import type { ComponentChildren } from 'preact';
import { counting } from '../plural.ts';

const counted = counting('en');

/** Lists of peers, the page of one peer, and the actions on it. */
export const peer = {
  plural: 'Peers',
  all: 'All peers',
  card: 'Registered and invited',
  connect: 'Connect a peer',
  none: 'No peers yet',
  open: 'Open the peer',
  columns: { peer: 'Peer', name: 'Name', roles: 'Roles', ocpi: 'OCPI', modules: 'Modules', registered: 'Registered', status: 'Status' },
  registration: {
    title: 'Registration',
    status: 'Status',
    ocpi: 'OCPI',
    noVersion: 'no version yet',
    roles: 'Roles',
    registered: 'Registered',
    versionsUrl: 'Versions URL',
    origins: 'Allowed result addresses',
    noOrigins: 'none yet',
  },
  outcomes: {
    title: 'Outcomes',
    note: (minute: number, hour: number) => `last 24 h; requests in the last minute: ${minute}, in the last hour: ${hour}`,
    none: 'No requests in the last 24 h',
    request: 'Request',
    outcome: 'Outcome',
    count: 'Count',
  },
  deviations: {
    title: 'Deviations from OCPI',
    name: 'Deviations',
    strict: 'strict: they are refused',
    patient: 'repaired and accepted; counted since the node started',
    none: 'None since the node started',
    kind: 'Kind',
    count: 'Count',
    example: 'First example',
    last: 'Last',
    found: (message: string, field: string, found: string) => `${message}, ${field}: ${found}`,
  },
  endpoints: {
    title: 'Endpoints',
    note: 'from its version details',
    none: 'No endpoints yet',
    noneHelp: 'They are read when the peer registers.',
    module: 'Module',
    role: 'Role',
    url: 'URL',
  },
  actions: {
    title: 'Actions',
    note: 'only an admin can rotate tokens and unregister',
    halted: (party: string) => `${party} is halted.`,
    resumed: (party: string) => `${party} may steer again.`,
    rotate: 'Rotate tokens',
    rotateHelp: 'Both sides get new tokens. The old ones stop working within a minute.',
    rotated: 'Both sides have new tokens.',
    unregister: 'Unregister',
    unregisterHelp: (peerId: string) =>
      `The registration with ${peerId} ends, and its charging profiles are cleared. To connect again, it needs a new invitation.`,
    unregistered: 'The registration has ended. Its charging profiles are being cleared.',
  },
};

/** The wizards that connect a peer. */
export const connect = {
  title: 'Connect a peer',
  theyRegister: 'They register at this node',
  weRegister: 'Register at their platform',
  notAllowed: 'Not allowed',
  needsAdmin: 'To connect a peer you need the role admin.',
  step: (number: number, name: string) => `${number}. ${name}`,
  states: { done: 'done', now: 'now', wait: 'waiting', later: 'later' },
  party: 'Party to invite',
  role: 'Role',
  country: 'Country code',
  partyId: 'Party ID',
  codeHelp: (size: number) => `${size} letters or digits`,
  invite: 'Invite',
  invited: 'The party is invited. The token below is shown only once.',
  sendToken: 'Send the token over a secure channel',
  tokenLater: 'The versions URL and a token for one registration appear here.',
  versionsUrl: 'Versions URL',
  tokenOnce: 'Token (TOKEN_A), for one registration',
  token: 'Token (TOKEN_A)',
  partyRegisters: 'The party registers',
  isRegistered: (peerId: string, version: string) => `${peerId} is registered with OCPI ${version}.`,
  waiting: (party: string) =>
    `Waiting for ${party} to register. This page updates by itself. You can leave it: the party stays in the list of peers as invited.`,
  invitation: 'Their invitation',
  urlExample: 'https://ocpi.example.com/ocpi/versions',
  register: 'Register',
  registering: 'Registering …',
  registration: 'Registration',
  answerLater: 'The answer of their platform appears here.',
  progress: 'Reading their versions, choosing the newest common version and exchanging credentials …',
  registered: 'Registered: both sides have new credentials.',
  summary: (version: string, endpoints: number) => `OCPI ${version}, ${counted(endpoints, { one: 'endpoint', other: 'endpoints' })}.`,
  openPeer: (peerId: string) => `Open ${peerId}`,
};

/** The contracts of a peer. */
export const contract = {
  plural: 'Contracts',
  note: (consents: number) => `${counted(consents, { one: 'active consent', other: 'active consents' })} of drivers`,
  none: 'No contract',
  withoutEmsp: 'Without a contract this eMSP sees and steers the sessions of its own customers only.',
  withoutScsp: 'Without a contract this SCSP sees and steers nothing.',
  without: 'A contract lets a party see or steer sessions that are not of its own customers.',
  columns: { party: 'Party', rights: 'Rights', scope: 'Scope', from: 'From', until: 'Until', consent: 'Consent', status: 'Status', actions: 'Actions' },
  customers: (party: string) => `customers of ${party}`,
  locations: (ids: string) => `locations ${ids}`,
  evses: (ids: string) => `EVSEs ${ids}`,
  allSessions: 'all sessions',
  consented: 'given',
  notConsented: 'none',
  end: 'End contract',
  endHelp: (party: string) => `${party} loses the rights of this contract. Charging profiles that it may no longer set are cleared.`,
  ended: 'The contract has ended.',
};

/** The consents of drivers. */
export const consent = {
  plural: 'Consents',
  note: 'drivers by pseudonym',
  none: 'No consents',
  noneHelp: 'Without a consent no session of a driver goes to a party by contract.',
  columns: { party: 'Party', driver: 'Driver', purpose: 'Purpose', terms: 'Terms version', given: 'Given', status: 'Status', actions: 'Actions' },
  allDrivers: 'all drivers',
  withdraw: 'Withdraw consent',
  withdrawHelp: (party: string) => `${party} loses the rights that need this consent. Charging profiles that it may no longer set are cleared.`,
  withdrawn: 'The consent is withdrawn.',
  withdrawnAt: (time: ComponentChildren): ComponentChildren => ['withdrawn ', time],
};
