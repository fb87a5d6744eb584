import { WebSocket } from 'ws';

/** Id of a charge point, such as CP00042. Even numbers speak OCPP 1.6, odd ones OCPP 2.0.1. */
export const stationName = (number: number): string => `CP${String(number).padStart(5, '0')}`;
/** Password of every charge point. */
export const PASSWORD = '0123456789abcdef';
/** The token that starts every session. */
export const TOKEN_UID = 'DEADBEEF';

/** Answer to GetConfiguration (OCPP 1.6). */
const configuration = {
  configurationKey: [
    { key: 'SupportedFeatureProfiles', readonly: true, value: 'Core,SmartCharging' },
    { key: 'ChargingScheduleAllowedChargingRateUnit', readonly: true, value: 'Current,Power' },
    { key: 'ChargeProfileMaxStackLevel', readonly: true, value: '8' },
    { key: 'ChargingScheduleMaxPeriods', readonly: true, value: '24' },
  ],
};
const variable = (name: string, attributeValue: string) => ({
  attributeStatus: 'Accepted',
  attributeValue,
  component: { name: 'SmartChargingCtrlr' },
  variable: { name },
});
/** Answer to GetVariables (OCPP 2.0.1). */
const variables = {
  getVariableResult: [
    variable('Enabled', 'true'),
    variable('Available', 'true'),
    variable('RateUnit', 'A,W'),
    variable('ProfileStackLevel', '8'),
    variable('PeriodsPerSchedule', '24'),
  ],
};

/** A charge point that answers every call at once and parses as little as possible, so that the measured program gets the CPU. */
export class MinimalStation {
  readonly #is16: boolean;
  readonly #socket: WebSocket;
  readonly #answers = new Map<string, (payload: { transactionId: number }) => void>();
  readonly #number: number;
  #limit = 16;
  #calls = 0;
  #transactions = 0;
  /** The transaction that runs; OCPP 1.6: a number that the node assigned. */
  #transaction: string | number = '';

  private constructor(number: number, port: number) {
    this.#number = number;
    this.#is16 = number % 2 === 0;
    const authorization = `Basic ${Buffer.from(`${stationName(number)}:${PASSWORD}`).toString('base64')}`;
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/ocpp/${stationName(number)}`, this.#is16 ? 'ocpp1.6' : 'ocpp2.0.1', {
      perMessageDeflate: false,
      headers: { Authorization: authorization },
    });
    this.#socket.on('message', (data) => this.#receive(data.toString()));
  }

  static connect(number: number, port: number): Promise<MinimalStation> {
    const station = new MinimalStation(number, port);
    return new Promise((connected, failed) => {
      station.#socket.once('open', () => connected(station));
      station.#socket.once('error', failed);
    });
  }

  /** Sends BootNotification. */
  boot(): Promise<unknown> {
    return this.#is16
      ? this.#call('BootNotification', { chargePointVendor: 'Bench', chargePointModel: 'Lean' })
      : this.#call('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'Bench', model: 'Lean' } });
  }

  /** Sends StatusNotification: its only connector is available. */
  reportAvailable(): Promise<unknown> {
    const timestamp = new Date().toISOString();
    return this.#is16
      ? this.#call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available', timestamp })
      : this.#call('StatusNotification', { timestamp, connectorStatus: 'Available', evseId: 1, connectorId: 1 });
  }

  /** Starts a transaction. */
  async startTransaction(): Promise<void> {
    const timestamp = new Date().toISOString();
    if (this.#is16) {
      this.#transaction = (await this.#call('StartTransaction', { connectorId: 1, idTag: TOKEN_UID, meterStart: 0, timestamp })).transactionId;
      return;
    }
    this.#transactions += 1;
    this.#transaction = `T${this.#number}-${this.#transactions}`;
    await this.#call('TransactionEvent', {
      eventType: 'Started',
      timestamp,
      triggerReason: 'Authorized',
      seqNo: 0,
      transactionInfo: { transactionId: this.#transaction, chargingState: 'Charging' },
      evse: { id: 1, connectorId: 1 },
      idToken: { idToken: TOKEN_UID, type: 'ISO14443' },
    });
  }

  /** Ends the transaction that runs. */
  endTransaction(): Promise<unknown> {
    const timestamp = new Date().toISOString();
    if (this.#is16) return this.#call('StopTransaction', { transactionId: this.#transaction, meterStop: 1_000, timestamp });
    const transactionInfo = { transactionId: this.#transaction, stoppedReason: 'Local' };
    return this.#call('TransactionEvent', { eventType: 'Ended', timestamp, triggerReason: 'StopAuthorized', seqNo: 1, transactionInfo });
  }

  #call(action: string, payload: object): Promise<{ transactionId: number }> {
    this.#calls += 1;
    const id = `${this.#calls}`;
    return new Promise((answered) => {
      this.#answers.set(id, answered);
      this.#socket.send(JSON.stringify([2, id, action, payload]));
    });
  }

  /** Finds the message id by position: `[2,"id",…` or `[3,"id",…`. */
  #receive(text: string): void {
    const id = text.slice(4, text.indexOf('"', 4));
    if (text.startsWith('[2')) {
      this.#socket.send(`[3,"${id}",${this.#answer(text)}]`);
      return;
    }
    const answered = this.#answers.get(id);
    this.#answers.delete(id);
    answered?.(JSON.parse(text)[2]);
  }

  #answer(text: string): string {
    if (text.includes('"SetChargingProfile"')) {
      this.#limit = Number(/"limit":([\d.]+)/.exec(text)?.[1] ?? this.#limit);
      return '{"status":"Accepted"}';
    }
    if (text.includes('"GetCompositeSchedule"')) return JSON.stringify(this.#compositeSchedule());
    if (text.includes('"GetConfiguration"')) return JSON.stringify(configuration);
    if (text.includes('"GetVariables"')) return JSON.stringify(variables);
    return '{"status":"Accepted"}';
  }

  #compositeSchedule(): object {
    const schedule = { duration: 900, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: this.#limit }] };
    const scheduleStart = new Date().toISOString();
    return this.#is16
      ? { status: 'Accepted', connectorId: 1, scheduleStart, chargingSchedule: schedule }
      : { status: 'Accepted', schedule: { ...schedule, evseId: 1, scheduleStart } };
  }
}

/** Connects and boots charge points in groups of 64. */
export async function connectStations({ from, count, port }: { from: number; count: number; port: number }): Promise<MinimalStation[]> {
  const stations: MinimalStation[] = [];
  for (let first = from; first < from + count; first += 64) {
    const group = Array.from({ length: Math.min(64, from + count - first) }, (_, n) => MinimalStation.connect(first + n, port));
    const opened = await Promise.all(group);
    await Promise.all(opened.map((station) => station.boot()));
    stations.push(...opened);
  }
  return stations;
}
