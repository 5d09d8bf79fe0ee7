// The page's end of the worker: a task is a promise, its progress a call.
import { DkxError } from './error.js'

/** Under Trusted Types (`trusted-types dkx`) a worker's address must come from a policy; ours gives only these. */
const TYPES = /** @type {any} */ (globalThis).trustedTypes
const POLICY = TYPES?.createPolicy('dkx', { createScriptURL: ours })
const SERVICE = '/sw.js'

/** @param {string} url */
function ours(url) {
  if (url !== SERVICE && url !== new URL('./worker.js', import.meta.url).href) throw new TypeError('not a worker of ours')
  return url
}

/** The address of a worker of ours, as the browser takes it. @param {string} url @returns {string} */
export const ownScript = (url) => (POLICY ? POLICY.createScriptURL(url) : url)

/**
 * Starts the worker.
 *
 * `run('openMany', {envelopes, records}, onProgress)` and so on: see tasks.js for the tasks and what they take.
 * Refusals come as DkxError with their code. `stop` ends the worker; what was running is refused.
 */
export function startHelper() {
  const worker = new Worker(ownScript(new URL('./worker.js', import.meta.url).href), { type: 'module' })
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void, onProgress: Function}>} */
  const waiting = new Map()
  let last = 0
  worker.onmessage = ({ data }) => settle(waiting, data)
  worker.onerror = () => end(waiting, 'the worker failed')

  /**
   * @param {keyof typeof import('./tasks.js')} task
   * @param {unknown} told
   * @param {(share: number) => void} [onProgress]
   * @returns {Promise<any>}
   */
  function run(task, told, onProgress = () => {}) {
    last += 1
    const id = last
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, onProgress })
      worker.postMessage({ id, task, told })
    })
  }
  function stop() {
    worker.terminate()
    end(waiting, 'the worker was stopped')
  }
  return { run, stop }
}

/** @param {Map<number, any>} waiting @param {any} data */
function settle(waiting, { id, share, code, message, result }) {
  const task = waiting.get(id)
  if (!task) return
  if (share !== undefined) {
    task.onProgress(share)
    return
  }
  waiting.delete(id)
  if (code === undefined) task.resolve(result)
  else task.reject(new DkxError(code, message))
}

/** @param {Map<number, any>} waiting @param {string} message */
function end(waiting, message) {
  for (const { reject } of waiting.values()) reject(new DkxError('dkx_invalid', message))
  waiting.clear()
}
