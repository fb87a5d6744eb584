/** A value or a problem. Failures between layers are values of this type; a thrown error means a bug. */
export type Result<T, F = string> = { ok: true; value: T } | { ok: false; problem: F };
/** A successful result. */
export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });
/** A failed result. */
export const fail = <F>(problem: F): { ok: false; problem: F } => ({ ok: false, problem });
