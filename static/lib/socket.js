// One live connection to the hub over a WebSocket: acks by number, deadlines, an end that is noticed (realtime.md §2).
//
// The framing is thirty lines (packets.js); the library would bring 13 kB of transports, retries and offline buffers,
// all of which must stay off here (realtime.md §5).
import { HubRefused, Offline } from './errors.js'
import { PONG, readPacket, writeConnect, writeDisconnect, writeEvent } from './packets.js'

export const ANSWER_WITHIN = 20_000
export const HELLO_WITHIN = 10_000

/** @typedef {(event: string, payload: any) => void} OnTold */

/**
 * Connects, introduces itself and waits for `hello`. Offline; HubRefused when CONNECT was.
 * @param {string} url the hub's origin
 * @param {Record<string, unknown>} auth
 * @param {OnTold} onTold every event but `hello`, in order
 * @param {(url: string) => WebSocket} [make] for tests
 * @returns {Promise<Socket>}
 */
export async function openSocket(url, auth, onTold, make = (address) => new WebSocket(address)) {
  const socket = new Socket(make(socketUrl(url)), auth, onTold)
  await socket.greeted
  return socket
}

/** @param {string} url */
const socketUrl = (url) => `${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`

export class Socket {
  #numbers = 0
  /** @type {Map<number, {resolve: (answer: any) => void, reject: (error: Error) => void, timer: any}>} */
  #waiting = new Map()
  /** @type {any} */
  #silence
  #patience = HELLO_WITHIN
  #over = false
  /** The code of the hub's `bye`, if it said one. */
  bye = ''
  /** @type {any} */
  hello

  /** @param {WebSocket} transport @param {Record<string, unknown>} auth @param {OnTold} onTold */
  constructor(transport, auth, onTold) {
    this.transport = transport
    this.onTold = onTold
    /** @type {Promise<void>} */
    this.greeted = new Promise((resolve, reject) => {
      this.greet = resolve
      this.refuse = reject
    })
    /** @type {Promise<string>} resolves with the code of `bye`, or '' */
    this.closed = new Promise((resolve) => { this.finish = resolve })
    this.greeted.catch(() => {})
    this.helloTimer = setTimeout(() => this.#end(new Offline('no hello')), HELLO_WITHIN)
    transport.onopen = () => transport.send(writeConnect(auth))
    transport.onmessage = ({ data }) => this.#frame(data)
    transport.onclose = () => this.#end(new Offline('the line is dead'))
    transport.onerror = () => this.#end(new Offline('no line'))
    this.#listen()
  }

  /**
   * Sends an event and gives its ack. HubRefused; Offline when none came: then nothing is known.
   * @param {string} event
   * @param {unknown} payload
   * @param {number} [within]
   * @returns {Promise<any>}
   */
  ask(event, payload, within = ANSWER_WITHIN) {
    if (this.#over) return Promise.reject(new Offline('no connection'))
    this.#numbers += 1
    const number = this.#numbers
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(number, new Offline(`no answer to ${event}`)), within)
      this.#waiting.set(number, { resolve, reject, timer })
      this.transport.send(writeEvent(number, event, payload))
    })
  }

  /** Says goodbye. */
  close() {
    if (!this.#over && this.transport.readyState === 1) this.transport.send(writeDisconnect())
    this.#end(new Offline('closed'))
  }

  #listen() {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.#end(new Offline('silence')), this.#patience)
  }

  /** @param {unknown} data */
  #frame(data) {
    this.#listen()
    try {
      const packet = typeof data === 'string' ? readPacket(data) : undefined
      if (packet) this.#take(packet)
    } catch (error) {
      this.#end(new Offline(`not of this protocol: ${error}`))
    }
  }

  /** @param {import('./packets.js').Packet} packet */
  #take(packet) {
    switch (packet.is) {
      case 'opened': this.#patience = packet.patience; break
      case 'pinged': this.transport.send(PONG); break
      case 'told': this.#told(packet.event, packet.payload); break
      case 'answered': this.#settle(packet.number, packet.answer); break
      case 'refused': this.#refused(packet); break
      case 'closed': this.#end(new Offline('closed by the hub')); break
    }
  }

  /** @param {string} event @param {any} payload */
  #told(event, payload) {
    if (event === 'hello') {
      this.hello = payload
      clearTimeout(this.helloTimer)
      this.greet?.()
      return
    }
    if (event === 'bye') this.bye = String(payload.code ?? '')
    this.onTold(event, payload)
  }

  /** @param {{code: string, data: any}} packet */
  #refused({ code, data }) {
    this.#end(new HubRefused({ kind: 'unauthenticated', ...data, code, data }))
  }

  /** @param {number} number @param {any} answer */
  #settle(number, answer) {
    const asked = this.#waiting.get(number)
    if (!asked) return
    this.#waiting.delete(number)
    clearTimeout(asked.timer)
    if (answer instanceof Error) asked.reject(answer)
    else if (answer?.ok === true) asked.resolve(answer)
    else asked.reject(new HubRefused(answer?.error ?? {}))
  }

  /** @param {Error} error */
  #end(error) {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#silence)
    clearTimeout(this.helloTimer)
    this.refuse?.(error)
    for (const number of [...this.#waiting.keys()]) this.#settle(number, new Offline('the line is dead'))
    this.transport.close()
    this.finish?.(this.bye)
  }
}
