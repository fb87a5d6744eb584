import type { Texts } from '../en.ts';

export const shell: Texts['shell'] = {
  product: 'Evenkeel',
  windowTitle: (page) => `${page} · Evenkeel`,
  skip: 'Naar de inhoud',
  loading: 'Laden …',
  starting: 'De node antwoordt niet. Misschien start hij nog; deze pagina probeert het vanzelf opnieuw.',
  lost: 'De node antwoordt niet; misschien start hij opnieuw. De pagina toont de laatste gegevens en werkt zichzelf bij.',
  live: 'Live',
  connecting: 'Verbinden',
  noConnection: 'Geen verbinding',
  menu: 'Menu',
  pages: "Pagina's van de console",
  timesIn: (zone) => `Tijden in ${zone}`,
  signedInAs: (name) => `Ingelogd als ${name}`,
  help: 'Hulp',
  signOut: 'Uitloggen',
  colours: 'Kleuren',
  themes: { system: 'Auto', light: 'Licht', dark: 'Donker' },
  language: 'Taal',
  languageFailed: 'Deze taal kon niet worden geladen. Laad de pagina opnieuw en probeer het nog eens.',
};

export const nav: Texts['nav'] = {
  overview: 'Overzicht',
  sessions: 'Laadsessies',
  exchanges: 'Verzoeken',
  peers: 'Partners',
  stations: 'Laadpalen',
  sites: 'Locaties',
  steering: 'Sturing',
  plan: 'Planning',
  audit: 'Auditlog',
  trouble: 'Storing',
};

export const shortcuts: Texts['shortcuts'] = {
  title: 'Sneltoetsen',
  open: (page) => `${page} openen`,
  search: 'Naar het zoekveld',
  undo: 'De laatste handeling ongedaan maken, zolang dat kan',
  show: 'Deze sneltoetsen tonen',
  closeDialog: 'Het venster sluiten',
  escape: 'Esc',
  between: ' dan ',
  close: 'Sluiten',
};

export const page: Texts['page'] = {
  above: "Bovenliggende pagina's",
  loading: 'Laden',
  notFound: 'Niet gevonden',
  tryAgain: 'Opnieuw proberen',
  notLoaded: 'Deze pagina kon niet worden geladen. Misschien start de node opnieuw of heeft hij een nieuwe versie.',
  reload: 'Opnieuw laden',
  cancel: 'Annuleren',
  question: (action) => `${action}?`,
  unknownTitle: 'Pagina niet gevonden',
  unknownCard: 'Onbekend adres',
  unknown: 'Op dit adres staat geen pagina',
  openOverview: 'Overzicht openen',
  copy: 'Kopiëren',
  copyValue: (name) => `Kopiëren: ${name}`,
  copied: 'Gekopieerd',
  selected: 'Geselecteerd: druk op Ctrl+C',
  unknownValue: 'onbekend',
  yes: 'ja',
  no: 'nee',
};

export const list: Texts['list'] = {
  newestFirst: (title) => `${title}, nieuwste eerst`,
  noMatches: 'Niets gevonden',
  clearFilters: 'Filters wissen',
  noEntries: 'Nog niets vastgelegd',
  noOlder: 'Niets ouders',
  pages: "Pagina's",
  newer: '← Nieuwer',
  newest: 'Nieuwste',
  older: 'Ouder →',
  any: (filter) => `${filter}: alle`,
  saveCsv: (name) => `${name} opslaan als CSV`,
};

export const chart: Texts['chart'] = {
  legend: 'Legenda',
  save: (name, format) => `${name} opslaan als ${format}`,
  now: 'nu',
  description: (name, values) => `${name}. Nu: ${values}.`,
  noValue: (line) => `${line} geen`,
};

export const signIn: Texts['signIn'] = {
  title: 'Inloggen',
  expired: 'Uw login is verlopen. Log in om naar deze pagina terug te gaan.',
  organisationFailed: 'Inloggen via uw organisatie is mislukt. Probeer het opnieuw of vraag de beheerder van deze node.',
  withOrganisation: 'Inloggen via uw organisatie',
  demo: 'Demo op deze computer: naam en wachtwoord zijn al ingevuld.',
  name: 'Naam',
  password: 'Wachtwoord',
  code: 'Code van uw authenticator, 6 cijfers',
  submit: 'Inloggen',
  sending: 'Bezig met inloggen …',
};

export const errors: Texts['errors'] = {
  unreachable: 'Geen verbinding met de node. Misschien start hij opnieuw: probeer het zo dadelijk nog eens.',
  left: 'De pagina wacht niet meer op dit antwoord.',
  httpStatus: (status) => `De node antwoordde met HTTP ${status}.`,
  notSent: 'Er is niets verzonden.',
  allowed: (values) => `Toegestaan: ${values}.`,
  wrongPassword: 'Onjuiste naam, wachtwoord of code.',
  codeNeeded: 'Vul de zes cijfers in die uw authenticator-app nu toont.',
  tokenRefused: 'Hun platform accepteerde dit token of deze URL niet. Is het token al gebruikt of verkeerd getypt?',
  theirAnswer: (answer) => `Hun antwoord: ${answer}`,
  registration: (step, why) => `De registratie stopte bij de stap "${step}": ${why}.`,
  unknown: 'Het verzoek is mislukt.',
  codes: {
    MODE_NEEDED: 'Geef eerst aan wat er met de profielen van andere partijen gebeurt.',
    UNAUTHENTICATED: 'U bent uitgelogd. Log opnieuw in.',
    TOO_MANY_ATTEMPTS: 'Te veel inlogpogingen. Wacht even en probeer het dan opnieuw.',
    FORBIDDEN: 'Uw rol staat dit niet toe. Een beheerder kan u een andere rol geven.',
    NOT_FOUND: 'De node heeft niets met deze naam.',
    METHOD_NOT_ALLOWED: 'Deze pagina past niet bij de versie van de node. Laad de pagina opnieuw.',
    INVALID: 'De node accepteert een invoer niet. Verbeter deze en probeer het opnieuw.',
    TOO_LARGE: 'Het verzoek is te groot.',
    UNSUPPORTED_MEDIA_TYPE: 'Deze pagina past niet bij de versie van de node. Laad de pagina opnieuw.',
    AMBIGUOUS: 'Dit past op meer dan één object. Vul meer van de naam in.',
    NOT_POSSIBLE: 'Dit is nu niet mogelijk.',
    TOO_MANY_STREAMS: "Er zijn te veel pagina's van deze console open. Sluit er enkele.",
    FAILED: 'De node kon dit niet uitvoeren. In zijn log staat waarom.',
    CANCELLED: 'Het verzoek is geannuleerd.',
  },
};

export const registrationSteps: Texts['registrationSteps'] = { versions: 'versies', 'version details': 'versiedetails', credentials: 'credentials' };

export const moments: Texts['moments'] = {
  after: (duration) => `na ${duration}`,
  fromStart: 'vanaf het begin',
  end: (time) => [time, ' · einde'],
  more: (count) => `nog ${count}`,
};
