// The service worker: the app opens without a line, and never with code of two versions.
//
// The hub writes BUILD in front of this: a name for this version, the files that the app consists of, and the paths that
// it draws. Files never change under their names, so they are kept and not asked for again. Pages are always asked for
// first; without a line an app page is the frame that was kept, which draws what this device knows, and any other page
// says that there is no line.
const FILES = `files-${BUILD.version}`
const PAGES = `pages-${BUILD.version}`
const FRAME = '/inbox'
const OFFLINE = '/offline'
/** A line that is slower than this is none, where there is something to show instead. */
const PATIENCE = 4000

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) => event.waitUntil(activate()))
self.addEventListener('message', ({ data }) => { if (data === 'take over') self.skipWaiting() })
self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (url.pathname.startsWith('/static/')) event.respondWith(file(request))
  else if (request.mode === 'navigate') event.respondWith(page(request, url))
})

/** All of this version or nothing: else the version before goes on. */
async function install() {
  const files = await caches.open(FILES)
  await files.addAll(BUILD.files)
  const pages = await caches.open(PAGES)
  await pages.add(new Request(OFFLINE, { cache: 'reload' }))
}

async function activate() {
  for (const name of await caches.keys()) if (name !== FILES && name !== PAGES) await caches.delete(name)
  await self.clients.claim()
}

/** @param {Request} request */
async function file(request) {
  const kept = await caches.match(request, { ignoreVary: true })
  return kept ?? fetch(request)
}

/** @param {Request} request @param {URL} url */
async function page(request, url) {
  const drawn = BUILD.paths.some((path) => new RegExp(path).test(url.pathname))
  try {
    const answer = await within(fetch(request), drawn && (await frame()) ? PATIENCE : Infinity)
    if (drawn && answer.ok && !answer.redirected) await keepFrame(answer.clone())
    return answer
  } catch {
    return (drawn && (await frame())) || (await caches.match(OFFLINE, { ignoreVary: true })) || Response.error()
  }
}

const frame = () => caches.match(FRAME, { ignoreVary: true, cacheName: PAGES })

/** Only a frame of this version: its files are here. @param {Response} answer */
async function keepFrame(answer) {
  const text = await answer.clone().text()
  if (text.includes(BUILD.version)) await (await caches.open(PAGES)).put(FRAME, answer)
}

/** @param {Promise<Response>} work @param {number} ms @returns {Promise<Response>} */
function within(work, ms) {
  if (ms === Infinity) return work
  return Promise.race([work, new Promise((_, reject) => { setTimeout(reject, ms) })])
}
