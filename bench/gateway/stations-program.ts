import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { serveCalls, usage } from '../child-program.ts';
import { PASSWORD, stationName } from '../driver/station.ts';
import { meterValues, numberedMeterValues, timedId } from './frames.ts';

/** Stations that connect at once. */
const GROUP = 128;
const TICK_MS = 1;

/** A station of OCPP 1.6 with one call in flight. */
class PacedStation {
  readonly #socket: WebSocket;
  #answered: (() => void) | undefined;

  constructor(url: string, number: number) {
    const name = stationName(number);
    const headers = { Authorization: `Basic ${Buffer.from(`${name}:${PASSWORD}`).toString('base64')}` };
    this.#socket = new WebSocket(`${url}/${name}`, 'ocpp1.6', { perMessageDeflate: false, headers });
    this.#socket.on('message', (data) => this.#receive(data.toString()));
  }

  get isFree(): boolean {
    return this.#answered === undefined;
  }

  async boot(): Promise<void> {
    await new Promise((open, fail) => this.#socket.once('open', open).once('error', fail));
    await this.call('[2,"boot","BootNotification",{"chargePointVendor":"Evenkeel","chargePointModel":"Bench"}]');
  }

  call(text: string): Promise<void> {
    return new Promise((answered) => {
      this.#answered = answered;
      this.#socket.send(text);
    });
  }

  drop(): void {
    this.#socket.terminate();
  }

  #receive(text: string): void {
    if (text.startsWith('[2,')) {
      const id = text.slice(4, text.indexOf('"', 4));
      return void this.#socket.send(`[3,"${id}",${text.includes('"GetConfiguration"') ? '{"configurationKey":[]}' : '{"status":"Rejected"}'}]`);
    }
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.();
  }
}

const stations: PacedStation[] = [];

/** Connects and boots stations until there are `count`; returns the seconds that it took. */
async function connect({ url, from, count }: { url: string; from: number; count: number }): Promise<number> {
  const began = performance.now();
  while (stations.length < count) {
    const group = Array.from({ length: Math.min(GROUP, count - stations.length) }, (_, n) => new PacedStation(url, from + stations.length + n));
    await Promise.all(group.map((station) => station.boot()));
    stations.push(...group);
  }
  return (performance.now() - began) / 1000;
}

/** Makes calls at a steady pace, each at the next station without a call in flight; returns how many were made and how many found no free one. */
async function load({ callsPerSecond, seconds }: { callsPerSecond: number; seconds: number }): Promise<{ made: number; late: number }> {
  const began = performance.now();
  let [made, late, next] = [0, 0, 0];
  for (let now = began; now < began + seconds * 1000; now = performance.now()) {
    const due = Math.floor(((now - began) / 1000) * callsPerSecond);
    while (made + late < due) {
      const station = stations[next++ % stations.length];
      if (station?.isFree) void station.call(meterValues(timedId(made++)));
      else late += 1;
    }
    await sleep(TICK_MS);
  }
  while (stations.some((station) => !station.isFree)) await sleep(TICK_MS);
  return { made, late };
}

/** Each station sends `each` numbered messages, one after the other's answer. */
async function sendNumbered(each: number): Promise<void> {
  const sendAll = async (station: PacedStation) => {
    for (let sequence = 0; sequence < each; sequence += 1) await station.call(numberedMeterValues(`n${sequence}`, sequence));
  };
  await Promise.all(stations.map(sendAll));
}

/** Drops all stations as a failing network does. */
function dropAll(): number {
  return stations.splice(0).map((station) => station.drop()).length;
}

/** Stations that put a load on a gateway, on a bare pipe or on a CSMS. */
export const handlers = { connect, load, sendNumbered, dropAll, usage };
serveCalls(handlers);
