// How many messages wait, wherever a page names the inbox, in the title of the tab, and on the icon of the app.
import { plural } from './words.js'

/** @param {any} hub */
export function showUnread(hub) {
  const title = document.title
  let shown = -1
  const show = () => {
    const count = hub.rooms().reduce((/** @type {number} */ sum, /** @type {any} */ { unread }) => sum + unread, 0)
    if (count === shown) return
    shown = count
    document.title = count ? `(${count}) ${title}` : title
    for (const link of document.querySelectorAll('.rail a[href^="/inbox"], .bottombar a[href^="/inbox"]')) mark(link, count)
    if (count) navigator.setAppBadge?.(count).catch(() => {})
    else navigator.clearAppBadge?.().catch(() => {})
  }
  show()
  return hub.listen((/** @type {string} */ kind) => { if (kind === 'changed' || kind === 'settled') show() })
}

/** @param {Element} link @param {number} count */
function mark(link, count) {
  link.querySelector('.badge')?.remove()
  if (!count) return
  const badge = document.createElement('span')
  badge.className = 'badge'
  const figure = document.createElement('span')
  figure.setAttribute('aria-hidden', 'true')
  figure.textContent = count > 99 ? '99+' : String(count)
  const words = document.createElement('span')
  words.className = 'unseen'
  words.textContent = plural('unread', count)
  badge.append(figure, words)
  link.append(badge)
}
