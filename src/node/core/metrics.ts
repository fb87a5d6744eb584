import { Counter, Gauge, Registry } from 'prom-client';

/** The metrics at /metrics. The sum over all outcomes equals the number of accepted requests (reliability G-05). */
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
  siteLookAge: Gauge;
  ready: Gauge;
  /** All metrics in the text format of Prometheus. */
  text(): Promise<string>;
}

/** Creates the metrics of one node, in a registry of their own. */
export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) => new Counter({ name, help, labelNames, registers });
  return {
    accepted: counter('ocpi_cp_accepted_total', 'Requests about charging profiles that were answered ACCEPTED', ['kind']),
    outcomes: counter('ocpi_cp_requests_total', 'Accepted requests by their outcome', ['kind', 'outcome', 'reason']),
    answers: counter('ocpi_cp_answers_total', 'Immediate answers to requests about charging profiles', ['kind', 'result']),
    stations: new Gauge({ name: 'ocpp_stations_connected', help: 'Charge points with a live connection', registers }),
    pushes: counter('ocpi_pushes_total', 'Locations, sessions, active profiles and tokens pushed to peers', ['what', 'outcome']),
    deviations: counter('ocpp_deviations_total', 'Deviations of charge points from the profiles that they accepted', ['how']),
    security: counter('evenkeel_security_events_total', 'Attempts without a right, and other events that an operator should look at', ['kind']),
    siteDeviations: counter('evenkeel_site_deviations_total', 'Cars that drew more than the limits of their site allowed', ['site']),
    siteExceeded: new Gauge({ name: 'evenkeel_site_limits_exceeded', help: 'Limits of a site that are exceeded now', labelNames: ['site'], registers }),
    siteLookAge: new Gauge({ name: 'evenkeel_site_look_age_seconds', help: 'Time since all sites were looked at and balanced', registers }),
    ready: new Gauge({ name: 'evenkeel_ready', help: '1 when the node is ready, as /health/ready says; 0 when it is not', registers }),
    text: () => registers[0]?.metrics() ?? Promise.resolve(''),
  };
}
