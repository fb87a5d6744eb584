import { Counter, Gauge, type Registry } from 'prom-client';

/** What is counted of the charge points behind CSMSs. */
export interface CsmsCounts {
  /** Charge points by the state of their CSMS: connected, away, refused. */
  states: Readonly<Record<string, number>>;
  /** Messages that wait for a CSMS. */
  kept: number;
  /** Since the start: answers to calls that nobody made, which did not pass. */
  unasked: number;
  /** Since the start: messages that passed and were not understood. */
  notObserved: number;
}

/** Registers the metrics of charge points behind CSMSs; they are read from the function that the returned one sets. */
export function registerCsmsMetrics(registers: Registry[]): (read: () => CsmsCounts) => void {
  let read: (() => CsmsCounts) | undefined;
  new Gauge({
    name: 'ocpp_csms_stations',
    help: 'Charge points behind a CSMS, by the state of their CSMS: connected, away or refused',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      for (const [state, count] of Object.entries(read?.().states ?? {})) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'ocpp_csms_kept_messages',
    help: 'Messages of charge points that wait for their CSMS',
    registers,
    collect() {
      this.set(read?.().kept ?? 0);
    },
  });
  const counters = [
    ['ocpp_csms_unasked_answers_total', 'Answers that did not pass, because nobody had asked', 'unasked'],
    ['ocpp_csms_not_observed_total', 'Messages that passed between a charge point and its CSMS and were not understood', 'notObserved'],
  ] as const;
  for (const [name, help, key] of counters)
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read?.()[key] ?? 0);
      },
    });
  return (reader) => {
    read = reader;
  };
}
