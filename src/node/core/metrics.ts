import { Counter, Gauge, Registry } from 'prom-client';

/** What an operator's monitoring reads at /metrics; the sum over outcomes equals what was accepted (reliability G-05). */
export interface Metrics {
  accepted: Counter<'kind'>;
  outcomes: Counter<'kind' | 'outcome' | 'reason'>;
  answers: Counter<'kind' | 'result'>;
  stations: Gauge;
  pushes: Counter<'what' | 'outcome'>;
  deviations: Counter<'how'>;
  security: Counter<'kind'>;
  siteDeviations: Counter<'site'>;
  siteExceeded: Gauge<'site'>;
  text(): Promise<string>;
}

export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) => new Counter({ name, help, labelNames, registers });
  return {
    accepted: counter('ocpi_cp_accepted_total', 'Requests about charging profiles that were answered ACCEPTED', ['kind']),
    outcomes: counter('ocpi_cp_requests_total', 'How accepted requests ended', ['kind', 'outcome', 'reason']),
    answers: counter('ocpi_cp_answers_total', 'Immediate answers to requests about charging profiles', ['kind', 'result']),
    stations: new Gauge({ name: 'ocpp_stations_connected', help: 'Charge points with a live connection', registers }),
    pushes: counter('ocpi_pushes_total', 'Locations, sessions, active profiles and tokens pushed to peers', ['what', 'outcome']),
    deviations: counter('ocpp_deviations_total', 'Charge points found to do something else than they accepted', ['how']),
    security: counter('evenkeel_security_events_total', 'What was tried without a right, and what an operator should look at', ['kind']),
    siteDeviations: counter('evenkeel_site_deviations_total', 'Cars that drew more than the limits of their site let them', ['site']),
    siteExceeded: new Gauge({ name: 'evenkeel_site_limits_exceeded', help: 'Limits of a site that what counts now exceeds', labelNames: ['site'], registers }),
    text: () => registers[0]?.metrics() ?? Promise.resolve(''),
  };
}
