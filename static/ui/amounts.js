// Amounts and counts as people type them.

/** 12,50 of 1250; empty for nothing. @param {number | null | undefined} cents */
export const euros = (cents) => (cents === null || cents === undefined ? '' : (cents / 100).toFixed(2))

/** 1250 of "12,50" or "12.5"; NaN for what is no amount. @param {string} text */
export function cents(text) {
  const amount = text.trim().replace(/\s|€/g, '').replace(',', '.')
  return /^\d+(\.\d{1,2})?$/.test(amount) ? Math.round(Number(amount) * 100) : NaN
}

/** The whole number in a field, within its bounds. @param {any} event @param {number} least @param {number} [most] */
export const whole = (event, least, most = Infinity) => Math.min(most, Math.max(least, Math.round(Number(event.target.value)) || 0))
