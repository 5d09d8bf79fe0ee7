// The worker: does the tasks of tasks.js beside the page, and tells how far it is. It reaches no network.
import { codeOf } from './error.js'
import * as tasks from './tasks.js'

const scope = /** @type {any} */ (globalThis)

/** @param {MessageEvent<{id: number, task: keyof typeof tasks, told: any}>} event */
async function work({ data: { id, task, told } }) {
  const progress = (/** @type {number} */ share) => scope.postMessage({ id, share })
  try {
    scope.postMessage({ id, result: await tasks[task](told, progress) })
  } catch (error) {
    scope.postMessage({ id, code: codeOf(error), message: String(error) })
  }
}

scope.onmessage = work
