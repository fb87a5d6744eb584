/** A clock that all processes of the machine share, in µs. */
export const clockMicroseconds = (): number => Number(process.hrtime.bigint() / 1_000n);

/** A message id that carries the time of sending; `sentAt` reads it. */
export const timedId = (number: number): string => `t${clockMicroseconds()}-${number}`;

/** The time of sending in µs; undefined for another id. */
export function sentAt(id: string): number | undefined {
  return id.startsWith('t') ? Number(id.slice(1, id.indexOf('-'))) : undefined;
}

/** MeterValues of OCPP 1.6 as a station sends them in a transaction, about 400 bytes. */
export const meterValues = (id: string): string => meterFrame(id, '1000');

/** MeterValues with a number of its own as the reading; `sequenceIn` reads it. */
export const numberedMeterValues = (id: string, sequence: number): string => meterFrame(id, `seq${sequence}`);

/** The number of a numbered message; undefined for another message. */
export function sequenceIn(text: string): number | undefined {
  const at = text.indexOf('"seq');
  return at < 0 ? undefined : Number.parseInt(text.slice(at + 4), 10);
}

const meterFrame = (id: string, value: string) =>
  `[2,"${id}","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"${new Date().toISOString()}","sampledValue":[` +
  `{"value":"${value}","context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","unit":"Wh"},` +
  `{"value":"7360","context":"Sample.Periodic","measurand":"Power.Active.Import","unit":"W"},` +
  `{"value":"32","context":"Sample.Periodic","measurand":"Current.Import","unit":"A"}]}]}]`;
