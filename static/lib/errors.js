// What can go wrong on the neighbour's side, as a caller has to tell it apart.

/** The hub did not answer: the outcome is unknown, and the same request with the same id may be sent again. */
export class Offline extends Error {
  /** @param {string} [told] */
  constructor(told = 'the hub is away') {
    super(told)
    this.name = 'Offline'
  }
}

/** The hub's typed no. `retry`: the very same request may succeed later, `afterMs` when. */
export class HubRefused extends Error {
  /** @param {{code?: string, kind?: string, data?: any, retry?: boolean, after_ms?: number}} told an ack's `error` or a problem */
  constructor(told) {
    super(told.code ?? 'internal')
    this.name = 'HubRefused'
    this.code = told.code ?? 'internal'
    this.kind = told.kind ?? ''
    this.data = told.data ?? {}
    this.retry = told.retry === true
    this.afterMs = Number(told.after_ms ?? 0)
  }
}

/** Something has to be done first: make the device, or wait until the other side has one. */
export class NotReady extends Error {
  /** @param {string} told */
  constructor(told) {
    super(told)
    this.name = 'NotReady'
  }
}

/** Keys are not what they were or ought to be; nothing is sent until the person decides. `code` names it. */
export class Alarm extends Error {
  /** @param {string} code @param {string} account */
  constructor(code, account) {
    super(`${code}: ${account}`)
    this.name = 'Alarm'
    this.code = code
    this.account = account
  }
}
