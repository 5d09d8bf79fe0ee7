// Times as the wire writes them: integer milliseconds for messages and documents, RFC 3339 UTC for the rental world.

/** Either form as milliseconds since 1970. @param {string | number} written */
export const asMs = (written) => (typeof written === 'number' ? written : Date.parse(written))

/** A whole second as `2026-07-04T08:00:00Z`. @param {Date | number} moment */
export const writeTime = (moment) => `${new Date(moment).toISOString().slice(0, 19)}Z`
