import type { ComponentChildren } from 'preact';

/** The frame of every page. */
export const shell = {
  product: 'Evenkeel',
  windowTitle: (page: string) => `${page} · Evenkeel`,
  skip: 'Skip to the content',
  loading: 'Loading …',
  starting: 'The node does not answer. It may be starting; this page tries again by itself.',
  lost: 'The node does not answer; it may be restarting. The page shows the last data and updates by itself.',
  live: 'Live',
  connecting: 'Connecting',
  noConnection: 'No connection',
  menu: 'Menu',
  pages: 'Pages of the console',
  timesIn: (zone: string) => `Times in ${zone}`,
  signedInAs: (name: string) => `Signed in as ${name}`,
  help: 'Help',
  signOut: 'Sign out',
  colours: 'Colours',
  themes: { system: 'Auto', light: 'Light', dark: 'Dark' },
  language: 'Language',
  languageFailed: 'This language could not be loaded. Reload the page and try again.',
};

/** Names of the pages in the sidebar. */
export const nav = {
  overview: 'Overview',
  sessions: 'Sessions',
  exchanges: 'Exchanges',
  peers: 'Peers',
  stations: 'Stations',
  sites: 'Sites',
  steering: 'Steering',
  plan: 'Plan',
  audit: 'Audit',
  access: 'Access',
  trouble: 'Trouble',
};

/** The dialog with the keyboard shortcuts. */
export const shortcuts = {
  title: 'Keyboard shortcuts',
  open: (page: string) => `Open ${page}`,
  search: 'Go to the search field',
  undo: 'Undo the last act, while it can be undone',
  rows: 'Go to the next or previous alarm or row; Enter opens it',
  show: 'Show these shortcuts',
  closeDialog: 'Close the dialog',
  escape: 'Esc',
  // Between the two keys of a shortcut: g then s.
  between: ' then ',
  close: 'Close',
};

/** Parts that every page uses. */
export const page = {
  above: 'Pages above',
  loading: 'Loading',
  notFound: 'Not found',
  tryAgain: 'Try again',
  notLoaded: 'This page could not be loaded. The node may be restarting, or has a new version.',
  reload: 'Reload',
  cancel: 'Cancel',
  question: (action: string) => `${action}?`,
  unknownTitle: 'Page not found',
  unknownCard: 'Unknown address',
  unknown: 'There is no page at this address',
  openOverview: 'Open the overview',
  copy: 'Copy',
  copyValue: (name: string) => `Copy ${name}`,
  copied: 'Copied',
  selected: 'Selected: press Ctrl+C',
  unknownValue: 'unknown',
  yes: 'yes',
  no: 'no',
};

/** Tables and lists. */
export const list = {
  newestFirst: (title: string) => `${title}, newest first`,
  noMatches: 'No matches',
  clearFilters: 'Clear filters',
  noEntries: 'No entries yet',
  noOlder: 'No older entries',
  pages: 'Pages',
  newer: '← Newer',
  newest: 'Newest',
  older: 'Older →',
  any: (filter: string) => `${filter}: any`,
  saveCsv: (name: string) => `Save ${name} as CSV`,
  previousPage: '← Previous',
  firstPage: 'First page',
  nextPage: 'Next →',
  saveAllCsv: (name: string) => `Save all matching ${name} as CSV`,
  sortBy: 'Sort by',
  unsorted: 'Newest first',
  sortedBy: (name: string) => `Sorted by ${name}`,
  removeFilter: 'remove this filter',
  filters: { party: 'Party', site: 'Site', deviates: 'Deviates', away: 'Station away' },
  causes: {
    'site-share': 'site share',
    'site-waits': 'waits for its site',
    'party-profile': 'profile of a party',
    'operator-limit': 'limit of an operator',
    'price-plan': 'plan',
    'imposed-limit': 'imposed limit',
    'evse-maximum': 'EVSE maximum',
    'car-takes-less': 'car takes less',
    'car-suspends': 'car has stopped',
    'car-full': 'battery full',
    'station-away': 'station away',
    'limit-unknown': 'limit unknown',
    'above-limit': 'above its limit',
  },
  views: { title: 'Saved views', save: 'Save this view', name: 'Name of the view', remove: (name: string) => `Remove ${name}` },
};

/** Charts, on the page and for screen readers. */
export const chart = {
  legend: 'Legend',
  save: (name: string, format: string) => `Save ${name} as ${format}`,
  now: 'now',
  description: (name: string, values: string) => `${name}. Now: ${values}.`,
  noValue: (line: string) => `${line} none`,
};

/** The page to sign in. */
export const signIn = {
  title: 'Sign in',
  expired: 'Your login has expired. Sign in to return to this page.',
  organisationFailed: 'Sign-in with your organisation failed. Try again, or ask the administrator of this node.',
  withOrganisation: 'Sign in with your organisation',
  demo: 'Demo on this machine: name and password are filled in.',
  name: 'Name',
  password: 'Password',
  code: 'Code from your authenticator, 6 digits',
  submit: 'Sign in',
  sending: 'Signing in …',
};

/** Why a request to the node failed, and what to do. Text of the node is shown behind it. */
export const errors = {
  unreachable: 'No connection to the node. It may be restarting: try again in a moment.',
  left: 'The page no longer waits for this answer.',
  httpStatus: (status: number) => `The node answered with HTTP ${status}.`,
  notSent: 'Nothing was sent.',
  allowed: (values: string) => `Allowed: ${values}.`,
  wrongPassword: 'Wrong name, password or code.',
  codeNeeded: 'Enter the six digits that your authenticator app shows now.',
  tokenRefused: 'Their platform did not accept this token or this URL. Is the token used already, or mistyped?',
  theirAnswer: (answer: string) => `Their answer: ${answer}`,
  registration: (step: string, why: string) => `Registration stopped at the step "${step}": ${why}.`,
  unknown: 'The request failed.',
  codes: {
    MODE_NEEDED: 'Say what happens to the profiles of other parties first.',
    UNAUTHENTICATED: 'You are signed out. Sign in again.',
    TOO_MANY_ATTEMPTS: 'Too many attempts to sign in. Wait, then try again.',
    FORBIDDEN: 'Your role does not allow this. An administrator can give you another role.',
    NOT_FOUND: 'The node has nothing with this name.',
    METHOD_NOT_ALLOWED: 'This page does not fit the version of the node. Reload the page.',
    INVALID: 'The node does not accept an entry. Correct it and try again.',
    TOO_LARGE: 'The request is too large.',
    UNSUPPORTED_MEDIA_TYPE: 'This page does not fit the version of the node. Reload the page.',
    AMBIGUOUS: 'This matches several objects. Enter more of the name.',
    NOT_POSSIBLE: 'This is not possible now.',
    TOO_MANY_STREAMS: 'Too many pages of this console are open. Close some of them.',
    FAILED: 'The node could not do this. Its log shows why.',
    CANCELLED: 'The request was cancelled.',
  },
};

/** The steps of a registration. */
export const registrationSteps = { versions: 'versions', 'version details': 'version details', credentials: 'credentials' };

/** A moment of a profile, as text. */
export const moments = {
  after: (duration: string) => `after ${duration}`,
  fromStart: 'from the start',
  end: (time: ComponentChildren): ComponentChildren => [time, ' · end'],
  more: (count: number) => `${count} more`,
};

/** The command palette. */
export const palette = {
  keys: 'Ctrl K',
  open: 'Command',
  title: 'Commands',
  example: 'set OAK-1 8A for 15m',
  choices: 'Suggestions',
  nothing: 'Nothing with this name',
  help: 'Enter opens the page or the form; nothing is sent until you press its button.',
  page: 'Page',
  station: 'Station',
  party: 'Party',
  verbs: {
    set: 'limit a session: set OAK-1 8A for 15m',
    why: 'why a car is slow: why OAK-1',
    get: 'read the limits ahead: get OAK-1',
    clear: 'clear the profile: clear OAK-1',
    halt: 'halt a party: halt NL*SCS',
    resume: 'resume a party: resume NL*SCS',
    limit: 'limit a part of a site: limit garage/north 20A until 18:00',
  },
  acts: {
    set: 'set on',
    why: 'why:',
    get: 'get of',
    clear: 'clear on',
    halt: 'halt',
    resume: 'resume',
    limit: 'limit',
    go: 'session at',
  },
};
