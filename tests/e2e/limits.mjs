// Nothing is waited for without an end.

/**
 * Awaits `promise`, but no longer than `ms`; what it would have given later is dropped.
 * @template T @param {number} ms @param {string} what said when it takes longer @param {Promise<T>} promise @returns {Promise<T>}
 */
export async function within(ms, what, promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} (no end after ${ms / 1000} s)`)), ms);
  });
  promise.catch(() => undefined);
  try {
    return /** @type {T} */ (await Promise.race([promise, late]));
  } finally {
    clearTimeout(timer);
  }
}
