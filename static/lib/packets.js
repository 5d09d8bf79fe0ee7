// Socket.IO 5 over Engine.IO 4, as text packets of the one namespace /hub (realtime.md §2).

const NAMESPACE = '/hub'
export const PONG = '3'
const SOCKET_IO = /^4([0-4])\/hub,(\d*)([\s\S]*)$/

/**
 * @typedef {{is: 'opened', patience: number} | {is: 'connected'} | {is: 'refused', code: string, data: any} |
 *   {is: 'told', event: string, payload: any} | {is: 'answered', number: number, answer: any} | {is: 'pinged'} |
 *   {is: 'closed'}} Packet
 */

/** @param {unknown} auth */
export const writeConnect = (auth) => `40${NAMESPACE},${JSON.stringify(auth)}`

/** @param {number} number @param {string} event @param {unknown} payload */
export const writeEvent = (number, event, payload) => `42${NAMESPACE},${number}${JSON.stringify([event, payload])}`

export const writeDisconnect = () => `41${NAMESPACE},`

/** One frame; undefined for what is of no concern here. @param {string} frame @returns {Packet | undefined} */
export function readPacket(frame) {
  if (frame[0] === '0') return opened(JSON.parse(frame.slice(1)))
  if (frame === '1') return { is: 'closed' }
  if (frame[0] === '2') return { is: 'pinged' }
  const found = SOCKET_IO.exec(frame)
  return found ? socketIo(found[1], found[2], found[3]) : undefined
}

/** Silence longer than both times together means that the hub is gone. @param {any} told @returns {Packet} */
const opened = ({ pingInterval, pingTimeout }) => ({ is: 'opened', patience: Number(pingInterval) + Number(pingTimeout) })

/** @param {string} type @param {string} number @param {string} body @returns {Packet | undefined} */
function socketIo(type, number, body) {
  switch (type) {
    case '0': return { is: 'connected' }
    case '1': return { is: 'closed' }
    case '2': return told(JSON.parse(body))
    case '3': return { is: 'answered', number: Number(number), answer: JSON.parse(body)[0] }
    default: return refused(JSON.parse(body))
  }
}

/** @param {any} body @returns {Packet} */
const told = ([event, payload]) => ({ is: 'told', event: String(event), payload: payload ?? {} })

/** @param {any} body @returns {Packet} */
const refused = ({ message, data }) => ({ is: 'refused', code: String(message ?? 'internal'), data: data ?? {} })
