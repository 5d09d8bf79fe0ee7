// The month as a grid for the keyboard: one stop for Tab, arrows for days and weeks, Home and End, Page for months.

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

/** Give each calendar of the page its keys (ARIA Authoring Practices, date grid). */
export function enhanceCalendar(root) {
  for (const table of root.querySelectorAll('.cal')) {
    const days = [...table.querySelectorAll('a[data-day]')]
    if (days.length === 0) continue
    stopAt(days, days.find((day) => day.matches('[aria-current]')) ?? days[0])
    table.addEventListener('keydown', (event) => move(event, days, table))
  }
}

function move(event, days, table) {
  const day = event.target.closest('a[data-day]')
  if (!day) return
  const target = event.key.startsWith('Page') ? turn(event.key, table) : wanted(event.key, day, days)
  if (!target) return
  event.preventDefault()
  if (target.dataset.day) {
    stopAt(days, target)
    target.focus()
  } else target.click()
}

function turn(key, table) {
  return table.parentElement.querySelector(key === 'PageUp' ? '[rel="prev"]' : '[rel="next"]')
}

/** The nearest day that can be chosen in that direction: those that are taken are passed over. */
function wanted(key, day, days) {
  const row = [...day.closest('tr').querySelectorAll('a[data-day]')]
  if (key === 'Home') return row[0]
  if (key === 'End') return row.at(-1)
  const step = STEPS[key]
  if (!step) return undefined
  const numbers = new Map(days.map((each) => [Number(each.dataset.day.slice(8)), each]))
  for (let at = Number(day.dataset.day.slice(8)) + step; at >= 1 && at <= 31; at += step) {
    if (numbers.has(at)) return numbers.get(at)
  }
  return undefined
}

function stopAt(days, chosen) {
  for (const day of days) day.tabIndex = day === chosen ? 0 : -1
}
