// Sealed bytes of files that wait to be sent: on disk beside the keys, whole files at a time, of no use without them.

const BLOBS = 'blobs'

/** @param {string} account */
const nameOf = (account) => `dkxf:${account}`

/** @param {string} account @returns {Promise<IDBDatabase>} */
function opened(account) {
  const request = indexedDB.open(nameOf(account), 1)
  request.onupgradeneeded = () => request.result.createObjectStore(BLOBS)
  return settled(request)
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

/** @param {string} account @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} work */
async function within(account, mode, work) {
  const database = await opened(account)
  try {
    const transaction = database.transaction(BLOBS, mode, { durability: 'strict' })
    const request = work(transaction.objectStore(BLOBS))
    await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(undefined)
      transaction.onabort = () => reject(transaction.error)
    })
    return request.result
  } finally {
    database.close()
  }
}

/** @param {string} account @param {string} file @param {Blob} blob durable when this resolves */
export const keepSealed = (account, file, blob) => within(account, 'readwrite', (store) => store.put(blob, file))

/** @param {string} account @param {string} file @returns {Promise<Blob | undefined>} */
export const readSealed = (account, file) => within(account, 'readonly', (store) => store.get(file))

/** @param {string} account @param {string} file */
export const dropSealed = (account, file) => within(account, 'readwrite', (store) => store.delete(file))

/** Erases all of an account. @param {string} account */
export const eraseSealed = (account) => settled(indexedDB.deleteDatabase(nameOf(account)))
