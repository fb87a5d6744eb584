/** Failure across layers is a value; `throw` means a bug. */
export type Result<T, F = string> = { ok: true; value: T } | { ok: false; problem: F };
export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });
export const fail = <F>(problem: F): { ok: false; problem: F } => ({ ok: false, problem });
