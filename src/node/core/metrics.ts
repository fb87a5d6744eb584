import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type CsmsCounts, registerCsmsMetrics } from './csms-metrics.ts';
import { SECURITY_KINDS } from './security-event.ts';
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
  /** Results that a peer did not get; counted from 0 on, so that an alert sees the first one, too. */
  resultsMissing: Counter<'why'>;
  backgroundErrors: Counter;
  clockJumps: Counter;
  /** Seconds of each call to the store. */
  storeCalls: Histogram<'of'>;
  spans: Counter<'outcome'>;
  /** Shows a number that is read when the metrics are. */
  show(what: keyof typeof READ_GAUGES, value: () => number): void;
  /** Shows the size of a collection in memory, as `evenkeel_kept{what}`; sizes under one name are added up. */
  keep(what: string, size: () => number): void;
  /** All metrics in the text format of Prometheus. */
  text(): Promise<string>;
}

/** Metrics that are read from other parts of the node, with their help; 0 on a node without this part. */
const READ_GAUGES = {
  ocpp_stations_away: 'Charge points that were connected once and are not connected now',
  ocpi_peers_failing: 'Peers to which the last three or more requests failed',
} as const;
/** Why a peer did not get the result of a request that was accepted. */
export const MISSING_RESULTS = ['UNDELIVERED', 'DELIVERY_UNKNOWN', 'TIMED_OUT'] as const;

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
  const make = makerIn(registers);
  make
    .gauge('evenkeel_build_info', 'The version of Evenkeel and of Node.js that run; the value is always 1', ['version', 'node'])
    .set({ version: VERSION, node: process.version }, 1);
  const metrics = {
    ...requestMetrics(make),
    ...stationMetrics(make),
    ...siteMetrics(make),
    ...nodeMetrics(make),
    readCsms: registerCsmsMetrics(registers),
    keep: keptEntries(registers),
    show: readGauges(registers),
    text: () => Registry.merge([...registers, ofThisProcess]).metrics(),
  };
  beginAtZero(metrics);
  return metrics;
}

/** An alert on an increase does not see a series that begins at 1: those that alerts use begin at 0. */
function beginAtZero({ security, deviations, resultsMissing, spans }: Pick<Metrics, 'security' | 'deviations' | 'resultsMissing' | 'spans'>): void {
  for (const kind of SECURITY_KINDS) security.inc({ kind }, 0);
  for (const how of ['above', 'below']) deviations.inc({ how }, 0);
  for (const why of MISSING_RESULTS) resultsMissing.inc({ why }, 0);
  for (const outcome of ['sent', 'dropped']) spans.inc({ outcome }, 0);
}

type Registers = Registry[];
type Maker = ReturnType<typeof makerIn>;
const makerIn = (registers: Registers) => ({
  counter: <L extends string>(name: string, help: string, labelNames: L[]) => new Counter({ name, help, labelNames, registers }),
  gauge: <L extends string>(name: string, help: string, labelNames: L[]) => new Gauge({ name, help, labelNames, registers }),
  /** Without labels: it is shown with 0 at once. */
  plain: (name: string, help: string) => new Gauge({ name, help, registers }),
  seconds: <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Histogram({ name, help, labelNames, registers, buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5] }),
});

const requestMetrics = ({ counter }: Maker) => ({
  accepted: counter('ocpi_cp_accepted_total', 'Requests about charging profiles that were answered ACCEPTED', ['kind']),
  outcomes: counter('ocpi_cp_requests_total', 'Accepted requests by their outcome', ['kind', 'outcome', 'reason']),
  answers: counter('ocpi_cp_answers_total', 'Immediate answers to requests about charging profiles', ['kind', 'result']),
  resultsMissing: counter('ocpi_cp_results_missing_total', 'Accepted requests whose result the peer did not get, or may not have got', ['why']),
  pushes: counter('ocpi_pushes_total', 'Locations, sessions, active profiles and tokens pushed to peers', ['what', 'outcome']),
  patienceWithPeers: counter('ocpi_patience_total', 'Deviations of peers from OCPI that were read with patience', ['kind', 'peer']),
  sent: counter('ocpi_sent_requests_total', 'Requests that this node sent to peers, by OCPI module and by what came of them', ['module', 'outcome']),
});

const stationMetrics = ({ counter, plain }: Maker) => ({
  stations: plain('ocpp_stations_connected', 'Charge points with a live connection'),
  deviations: counter('ocpp_deviations_total', 'Deviations of charge points from the profiles that they accepted', ['how']),
  meteredAbove: counter('ocpp_metered_above_limit_total', 'Times that a car began to draw more than its limit, after it had its time to react', []),
  keptMessages: counter('evenkeel_kept_messages_total', 'Messages of charge points that were kept for a CSMS, and what became of them', ['what']),
  patience: counter('ocpp_patience_total', 'Parts of messages of charge points that violate their standard and were read all the same', ['kind']),
});

const siteMetrics = ({ counter, gauge }: Maker) => ({
  siteDeviations: counter('evenkeel_site_deviations_total', 'Cars that drew more than the limits of their site allowed', ['site']),
  siteExceeded: gauge('evenkeel_site_limits_exceeded', 'Limits of a site that are exceeded now', ['site']),
  siteMetersSilent: gauge('evenkeel_site_meters_silent', 'Meters of buildings at a site whose fallback holds now', ['site']),
  siteLookAge: gauge('evenkeel_site_look_age_seconds', 'Time since all sites were looked at and balanced', []),
});

const nodeMetrics = ({ counter, gauge, plain, seconds }: Maker) => ({
  security: counter('evenkeel_security_events_total', 'Attempts without a right, and other events that an operator should look at', ['kind']),
  jobRuns: counter('evenkeel_job_runs_total', 'Runs of the jobs that the node repeats', ['job', 'outcome']),
  jobDuration: gauge('evenkeel_job_duration_seconds', 'Duration of the last run of a job', ['job']),
  jobFailedAt: gauge('evenkeel_job_failed_timestamp_seconds', 'When a job failed last, in seconds since 1970; 0: never', ['job']),
  alarms: gauge('evenkeel_alarms', 'Alarms that are not solved, acknowledged ones too', ['kind', 'severity']),
  ready: plain('evenkeel_ready', '1 when the node is ready, as /health/ready says; 0 when it is not'),
  backgroundErrors: counter('evenkeel_background_errors_total', 'Errors of work that no caller awaits; the log and the alarms name each', []),
  clockJumps: counter('evenkeel_clock_jumps_total', 'Times that the clock of the machine jumped by a second or more', []),
  storeCalls: seconds('evenkeel_store_call_seconds', 'Duration of calls to the database', ['of']),
  spans: counter('evenkeel_spans_total', 'Spans of traces that the collector took, or that were dropped', ['outcome']),
});

/** Sizes under one name are added up. */
function keptEntries(registers: Registers): Metrics['keep'] {
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
  return (what, size) => sizes.set(what, [...(sizes.get(what) ?? []), size]);
}

function readGauges(registers: Registers): Metrics['show'] {
  const values: Partial<Record<keyof typeof READ_GAUGES, () => number>> = {};
  for (const [name, help] of Object.entries(READ_GAUGES))
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(values[name as keyof typeof READ_GAUGES]?.() ?? 0);
      },
    });
  return (what, value) => {
    values[what] = value;
  };
}
