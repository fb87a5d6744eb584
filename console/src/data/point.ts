/** One point of a line over time: epoch seconds, and W; null where there is no value. */
export type Point = readonly [at: number, watts: number | null];
