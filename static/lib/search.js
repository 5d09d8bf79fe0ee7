// Words as people search for them: without case and accents, ß like ss.

/** @param {string} text @returns {string[]} */
export const foldedWords = (text) =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').split(/[^\p{L}\p{N}]+/u).filter(Boolean)
