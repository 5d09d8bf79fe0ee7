// Tells a screen reader of what comes into the room one looks at: new words and deal steps of others, and nothing else.
import { html, useEffect, useState } from '../vendor.js'
import { lines } from '../../lib/timeline.js'
import { eventWords } from './event.js'
import { clock } from '../say.js'
import { plural, t } from '../words.js'

/** What comes within this time is told at once. */
const TOGETHER = 1500

/** @param {{hub: any, room: string}} props */
export function Announcer({ hub, room }) {
  const [said, setSaid] = useState('')
  useEffect(() => {
    let newest = -1
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer
    const all = () => lines(hub.log.rows(room), [], hub.user)
    const tell = () => {
      timer = undefined
      const sheet = hub.store.get(`sheet/${room}`)
      const fresh = all().filter((/** @type {any} */ { seq, mine, kind }) => seq > newest && !mine && kind !== 'gone')
      newest = all().at(-1)?.seq ?? newest
      const [line] = fresh
      if (!line) return
      const name = sheet?.members?.find((/** @type {any} */ { user }) => user === line.author)?.display_name ?? ''
      const words = line.kind === 'event' ? eventWords(line, sheet, hub.user) : t('heard', { name, when: clock(line.at), text: line.text ?? '' })
      setSaid(fresh.length > 1 ? plural('heard_many', fresh.length) : words)
    }
    if (!room) return undefined
    hub.log.open(room).then(() => { newest = all().at(-1)?.seq ?? 0 })
    const stop = hub.listen((/** @type {string} */ kind) => {
      if (kind === 'entry' && newest >= 0) timer ??= setTimeout(tell, TOGETHER)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [room])
  return html`<div class="unseen" role="log" aria-relevant="additions">${said && html`<p key=${said}>${said}</p>`}</div>`
}
