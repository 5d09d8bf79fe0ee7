// A room's sheet: members, receipts, roster, head; an old one and what was told of the room make a fresh one.

/**
 * @param {any} sheet as `room:get` answers it
 * @param {{event: string, payload: any}} told
 */
export function applyTold(sheet, { event, payload }) {
  switch (event) {
    case 'receipt:changed': return { ...sheet, receipts: withReceipt(sheet.receipts, payload) }
    case 'roster:changed': return payload.version > sheet.roster_version ? { ...sheet, roster_version: payload.version } : sheet
    case 'room:head': return payload.head > sheet.head ? { ...sheet, head: payload.head } : sheet
    default: return sheet
  }
}

/** Receipts are cumulative: both figures only grow. @param {any[]} receipts @param {any} came */
function withReceipt(receipts, { user, delivered, read }) {
  const known = receipts.find((receipt) => receipt.user === user) ?? { user, delivered: 0, read: 0 }
  const fresh = { user, delivered: Math.max(known.delivered, delivered), read: Math.max(known.read, read) }
  return [...receipts.filter((receipt) => receipt.user !== user), fresh]
}

/**
 * How far the others are with one's own message: read or delivered counts when all of them have.
 * @param {any} sheet
 * @param {string} own
 * @param {number} seq
 * @returns {'sent' | 'delivered' | 'read'}
 */
export function fate(sheet, own, seq) {
  const others = (sheet?.members ?? []).filter((/** @type {any} */ { user, role }) => user !== own && role <= 2)
  const receipts = others.map((/** @type {any} */ { user }) => sheet.receipts.find((/** @type {any} */ one) => one.user === user))
  if (receipts.length === 0) return 'sent'
  if (receipts.every((/** @type {any} */ one) => one && one.read >= seq)) return 'read'
  return receipts.every((/** @type {any} */ one) => one && one.delivered >= seq) ? 'delivered' : 'sent'
}

/** The other party of a room for two. @param {any} sheet @param {string} own */
export const otherOf = (sheet, own) => (sheet?.members ?? []).find((/** @type {any} */ { user, role }) => user !== own && role <= 2)
