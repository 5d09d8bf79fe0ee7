// Padmé: rounds a length up so that it says little about the true one, for at most 12 % more bytes.

/** @param {number} length @returns {number} */
export function padme(length) {
  if (length < 2) return length
  const exponent = Math.floor(Math.log2(length))
  const kept = Math.floor(Math.log2(exponent)) + 1
  const step = 2 ** (exponent - kept)
  // For lengths below eight the step is a fraction: they stay as they are.
  return step <= 1 ? length : Math.ceil(length / step) * step
}
