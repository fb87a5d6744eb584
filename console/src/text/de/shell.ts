import type { Texts } from '../en.ts';

export const shell: Texts['shell'] = {
  product: 'Evenkeel',
  windowTitle: (page) => `${page} · Evenkeel`,
  skip: 'Zum Inhalt',
  loading: 'Wird geladen …',
  starting: 'Der Knoten antwortet nicht. Vielleicht startet er gerade; diese Seite versucht es von selbst erneut.',
  lost: 'Der Knoten antwortet nicht; vielleicht startet er neu. Die Seite zeigt die letzten Daten und aktualisiert sich von selbst.',
  live: 'Live',
  connecting: 'Verbinden',
  noConnection: 'Keine Verbindung',
  menu: 'Menü',
  pages: 'Seiten der Konsole',
  timesIn: (zone) => `Zeiten in ${zone}`,
  signedInAs: (name) => `Angemeldet als ${name}`,
  help: 'Hilfe',
  signOut: 'Abmelden',
  colours: 'Farben',
  themes: { system: 'Auto', light: 'Hell', dark: 'Dunkel' },
  language: 'Sprache',
  languageFailed: 'Diese Sprache konnte nicht geladen werden. Laden Sie die Seite neu und versuchen Sie es noch einmal.',
};

export const nav: Texts['nav'] = {
  overview: 'Übersicht',
  sessions: 'Ladevorgänge',
  exchanges: 'Anfragen',
  peers: 'Partner',
  stations: 'Ladestationen',
  sites: 'Standorte',
  steering: 'Steuerung',
  plan: 'Planung',
  audit: 'Audit-Log',
  trouble: 'Störung',
};

export const shortcuts: Texts['shortcuts'] = {
  title: 'Tastenkürzel',
  open: (page) => `${page} öffnen`,
  search: 'Zum Suchfeld',
  undo: 'Die letzte Handlung rückgängig machen, solange das geht',
  show: 'Diese Tastenkürzel anzeigen',
  closeDialog: 'Das Fenster schließen',
  escape: 'Esc',
  between: ' dann ',
  close: 'Schließen',
};

export const page: Texts['page'] = {
  above: 'Übergeordnete Seiten',
  loading: 'Wird geladen',
  notFound: 'Nicht gefunden',
  tryAgain: 'Erneut versuchen',
  notLoaded: 'Diese Seite konnte nicht geladen werden. Vielleicht startet der Knoten neu oder hat eine neue Version.',
  reload: 'Neu laden',
  cancel: 'Abbrechen',
  question: (action) => `${action}?`,
  unknownTitle: 'Seite nicht gefunden',
  unknownCard: 'Unbekannte Adresse',
  unknown: 'Unter dieser Adresse gibt es keine Seite',
  openOverview: 'Übersicht öffnen',
  copy: 'Kopieren',
  copyValue: (name) => `Kopieren: ${name}`,
  copied: 'Kopiert',
  selected: 'Markiert: Strg+C drücken',
  unknownValue: 'unbekannt',
  yes: 'ja',
  no: 'nein',
};

export const list: Texts['list'] = {
  newestFirst: (title) => `${title}, neueste zuerst`,
  noMatches: 'Keine Treffer',
  clearFilters: 'Filter löschen',
  noEntries: 'Noch keine Einträge',
  noOlder: 'Keine älteren Einträge',
  pages: 'Seiten',
  newer: '← Neuere',
  newest: 'Neueste',
  older: 'Ältere →',
  any: (filter) => `${filter}: alle`,
  saveCsv: (name) => `${name} als CSV speichern`,
};

export const chart: Texts['chart'] = {
  legend: 'Legende',
  save: (name, format) => `${name} als ${format} speichern`,
  now: 'jetzt',
  description: (name, values) => `${name}. Jetzt: ${values}.`,
  noValue: (line) => `${line} keine`,
};

export const signIn: Texts['signIn'] = {
  title: 'Anmelden',
  expired: 'Ihre Anmeldung ist abgelaufen. Melden Sie sich an, um zu dieser Seite zurückzukehren.',
  organisationFailed: 'Die Anmeldung über Ihre Organisation ist fehlgeschlagen. Versuchen Sie es erneut oder fragen Sie den Administrator dieses Knotens.',
  withOrganisation: 'Über Ihre Organisation anmelden',
  demo: 'Demo auf diesem Rechner: Name und Passwort sind bereits ausgefüllt.',
  name: 'Name',
  password: 'Passwort',
  code: 'Code Ihrer Authenticator-App, 6 Ziffern',
  submit: 'Anmelden',
  sending: 'Anmeldung läuft …',
};

export const errors: Texts['errors'] = {
  unreachable: 'Keine Verbindung zum Knoten. Vielleicht startet er neu: Versuchen Sie es gleich noch einmal.',
  left: 'Die Seite wartet nicht mehr auf diese Antwort.',
  httpStatus: (status) => `Der Knoten hat mit HTTP ${status} geantwortet.`,
  notSent: 'Es wurde nichts gesendet.',
  allowed: (values) => `Erlaubt: ${values}.`,
  wrongPassword: 'Name, Passwort oder Code ist falsch.',
  codeNeeded: 'Geben Sie die sechs Ziffern ein, die Ihre Authenticator-App jetzt zeigt.',
  tokenRefused: 'Die Plattform des Partners hat dieses Token oder diese URL nicht angenommen. Ist das Token schon benutzt oder falsch eingegeben?',
  theirAnswer: (answer) => `Antwort des Partners: ${answer}`,
  registration: (step, why) => `Die Registrierung ist beim Schritt „${step}“ stehen geblieben: ${why}.`,
  unknown: 'Die Anfrage ist fehlgeschlagen.',
  codes: {
    MODE_NEEDED: 'Geben Sie zuerst an, was mit den Profilen anderer Parteien geschieht.',
    UNAUTHENTICATED: 'Sie sind abgemeldet. Melden Sie sich erneut an.',
    TOO_MANY_ATTEMPTS: 'Zu viele Anmeldeversuche. Warten Sie und versuchen Sie es dann erneut.',
    FORBIDDEN: 'Ihre Rolle erlaubt das nicht. Ein Administrator kann Ihnen eine andere Rolle geben.',
    NOT_FOUND: 'Unter diesem Namen hat der Knoten nichts.',
    METHOD_NOT_ALLOWED: 'Diese Seite passt nicht zur Version des Knotens. Laden Sie die Seite neu.',
    INVALID: 'Der Knoten nimmt eine Eingabe nicht an. Korrigieren Sie sie und versuchen Sie es erneut.',
    TOO_LARGE: 'Die Anfrage ist zu groß.',
    UNSUPPORTED_MEDIA_TYPE: 'Diese Seite passt nicht zur Version des Knotens. Laden Sie die Seite neu.',
    AMBIGUOUS: 'Das passt auf mehrere Objekte. Geben Sie mehr vom Namen ein.',
    NOT_POSSIBLE: 'Das ist jetzt nicht möglich.',
    TOO_MANY_STREAMS: 'Zu viele Seiten dieser Konsole sind offen. Schließen Sie einige davon.',
    FAILED: 'Der Knoten konnte das nicht ausführen. Sein Log zeigt, warum.',
    CANCELLED: 'Die Anfrage wurde abgebrochen.',
  },
};

export const registrationSteps: Texts['registrationSteps'] = { versions: 'Versionen', 'version details': 'Versionsdetails', credentials: 'Credentials' };

export const moments: Texts['moments'] = {
  after: (duration) => `nach ${duration}`,
  fromStart: 'ab Beginn',
  end: (time) => [time, ' · Ende'],
  more: (count) => `${count} weitere`,
};
