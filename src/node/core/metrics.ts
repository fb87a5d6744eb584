import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type CsmsCounts, registerCsmsMetrics } from './csms-metrics.ts';
import { VERSION } from './version.ts';

/** The metrics at /metrics. The sum over all outcomes equals the number of accepted requests (reliability G-05). */
export interface Metrics {
  accepted: Counter<'kind'>;
  outcomes: Counter<'kind' | 'outcome' | 'reason'>;
  answers: Counter<'kind' | 'result'>;
  stations: Gauge;
  pushes: Counter<'what' | 'outcome'>;
  /** Requests that this node sent to peers. `outcome`: success, or why there was none, as in `PeerAnswer`. */
  sent: Counter<'module' | 'outcome'>;
  patienceWithPeers: Counter<'kind' | 'peer'>;
  deviations: Counter<'how'>;
  meteredAbove: Counter;
  patience: Counter<'kind'>;
  security: Counter<'kind'>;
  /** Messages that were kept for a CSMS, and what became of them, as in `KeptCount`. */
  keptMessages: Counter<'what'>;
  siteDeviations: Counter<'site'>;
  siteExceeded: Gauge<'site'>;
  siteMetersSilent: Gauge<'site'>;
  siteLookAge: Gauge;
  jobRuns: Counter<'job' | 'outcome'>;
  jobDuration: Gauge<'job'>;
  jobFailedAt: Gauge<'job'>;
  alarms: Gauge<'kind' | 'severity'>;
  ready: Gauge;
  /** Sets what the metrics of charge points behind CSMSs are read from. */
  readCsms(read: () => CsmsCounts): void;
  /** Shows the size of a collection in memory, as `evenkeel_kept{what}`; sizes under one name are added up. */
  keep(what: string, size: () => number): void;
  /** All metrics in the text format of Prometheus. */
  text(): Promise<string>;
}

/** The metrics of the process: CPU, memory, event loop, handles. One registry for all nodes of a process, because each measures for as long as the process lives. */
let ofProcess: Registry | undefined;
function processMetrics(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}

/** Creates the metrics of one node, in a registry of their own. */
export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const ofThisProcess = processMetrics();
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) => new Counter({ name, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) => new Gauge({ name, help, labelNames, registers });
  gauge('evenkeel_build_info', 'The version of Evenkeel and of Node.js that run; the value is always 1', ['version', 'node']).set(
    { version: VERSION, node: process.version },
    1,
  );
  const sizes = new Map<string, (() => number)[]>();
  new Gauge({
    name: 'evenkeel_kept',
    help: 'Entries of the collections that the node keeps in memory',
    labelNames: ['what'],
    registers,
    collect() {
      for (const [what, all] of sizes)
        this.set(
          { what },
          all.reduce((sum, size) => sum + size(), 0),
        );
    },
  });
  return {
    accepted: counter('ocpi_cp_accepted_total', 'Requests about charging profiles that were answered ACCEPTED', ['kind']),
    outcomes: counter('ocpi_cp_requests_total', 'Accepted requests by their outcome', ['kind', 'outcome', 'reason']),
    answers: counter('ocpi_cp_answers_total', 'Immediate answers to requests about charging profiles', ['kind', 'result']),
    stations: new Gauge({ name: 'ocpp_stations_connected', help: 'Charge points with a live connection', registers }),
    pushes: counter('ocpi_pushes_total', 'Locations, sessions, active profiles and tokens pushed to peers', ['what', 'outcome']),
    patienceWithPeers: counter('ocpi_patience_total', 'Deviations of peers from OCPI that were read with patience', ['kind', 'peer']),
    sent: counter('ocpi_sent_requests_total', 'Requests that this node sent to peers, by OCPI module and by what came of them', ['module', 'outcome']),
    deviations: counter('ocpp_deviations_total', 'Deviations of charge points from the profiles that they accepted', ['how']),
    meteredAbove: counter('ocpp_metered_above_limit_total', 'Times that a car began to draw more than its limit, after it had its time to react', []),
    patience: counter('ocpp_patience_total', 'Parts of messages of charge points that violate their standard and were read all the same', ['kind']),
    security: counter('evenkeel_security_events_total', 'Attempts without a right, and other events that an operator should look at', ['kind']),
    keptMessages: counter('evenkeel_kept_messages_total', 'Messages of charge points that were kept for a CSMS, and what became of them', ['what']),
    siteDeviations: counter('evenkeel_site_deviations_total', 'Cars that drew more than the limits of their site allowed', ['site']),
    siteExceeded: gauge('evenkeel_site_limits_exceeded', 'Limits of a site that are exceeded now', ['site']),
    siteMetersSilent: gauge('evenkeel_site_meters_silent', 'Meters of buildings at a site whose fallback holds now', ['site']),
    siteLookAge: gauge('evenkeel_site_look_age_seconds', 'Time since all sites were looked at and balanced', []),
    jobRuns: counter('evenkeel_job_runs_total', 'Runs of the jobs that the node repeats', ['job', 'outcome']),
    jobDuration: gauge('evenkeel_job_duration_seconds', 'Duration of the last run of a job', ['job']),
    jobFailedAt: gauge('evenkeel_job_failed_timestamp_seconds', 'When a job failed last, in seconds since 1970; 0: never', ['job']),
    alarms: gauge('evenkeel_alarms', 'Alarms that are not solved, acknowledged ones too', ['kind', 'severity']),
    ready: new Gauge({ name: 'evenkeel_ready', help: '1 when the node is ready, as /health/ready says; 0 when it is not', registers }),
    readCsms: registerCsmsMetrics(registers),
    keep: (what, size) => sizes.set(what, [...(sizes.get(what) ?? []), size]),
    text: () => Registry.merge([...registers, ofThisProcess]).metrics(),
  };
}
