// Work that waits on disk, done piece by piece in order; what did not come about is tried again after a pause.

/** @template T */
export class Worklist {
  #stopped = false
  /** @type {Promise<void> | undefined} */
  #running
  /** @type {(() => void) | undefined} */
  #wake

  /**
   * @param {() => T | undefined} next what is first in line; it is over when it is not any more
   * @param {(piece: T, attempt: number) => Promise<number | undefined>} attempt undefined when it is over, else the
   *   milliseconds until the next attempt
   */
  constructor(next, attempt) {
    this.next = next
    this.attempt = attempt
  }

  /** Goes on with what waits; at once, also where it pauses. */
  start() {
    this.#wake?.()
    if (this.#stopped || this.#running) return
    this.#running = this.#run().finally(() => { this.#running = undefined })
  }

  stop() {
    this.#stopped = true
    this.#wake?.()
  }

  async #run() {
    let failed = 0
    for (let piece = this.next(); piece && !this.#stopped; piece = this.next()) {
      const pause = await this.attempt(piece, failed)
      failed = pause === undefined ? 0 : failed + 1
      if (pause !== undefined) await this.#pause(pause)
    }
  }

  /** @param {number} pause @returns {Promise<void>} */
  #pause(pause) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pause)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
