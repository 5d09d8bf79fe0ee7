// Beginning anew under another identity, and coming back into one's rooms with it (e2ee.md, beginning anew).
import { b64u, equal } from './dkx/bytes.js'
import { OWNER, memberOf } from './dkx/roster.js'

/**
 * The only device of the account, in place of all there were; may be said again. The hub wants a proof of the last five
 * minutes. `anew` stands in the store until the caller has put everything in order.
 * @param {import('./device.js').Device} device
 * @param {string} account
 */
export async function beginAnew(device, account) {
  const { http, store, trust } = device
  if (!device.exists()) {
    const { lists } = await http.call('GET', `/v1/users/${account}/devices`, undefined, { epoch: 0, version: 0 })
    trust.pins.delete(account) // what is pinned of oneself is what one gives up
    store.remove(`pin/${account}`)
    await device.make(account, Math.max(...lists.map((/** @type {any} */ { epoch }) => epoch)) + 1, 'anew')
  }
  const { aik, cert, list } = device.self()
  await http.call('POST', '/v1/devices/reset', { aik: b64u(aik), cert: b64u(cert), list: b64u(list) })
  await trust.refresh(account) // pinned, also where the page was closed in the middle
  await device.prove()
}

/**
 * Takes our own place again under the identity of now, if that is what the newest roster lacks. With the other party
 * alone: nobody can check who else stands in it, so they take others in anew.
 * @param {import('./rosters.js').Rosters} rosters
 * @param {import('./rosters.js').Numbered[]} former
 * @param {Error} reason thrown where it lacks something else
 */
export async function comeBack(rosters, former, reason) {
  const { roster } = former[former.length - 1]
  const { account, aik } = rosters.trust.own
  const mine = memberOf(roster, account)
  if (!mine || equal(mine.aik, aik) || mine.role > OWNER) throw reason
  const members = []
  for (const row of roster.members.filter(({ role }) => role <= OWNER)) members.push({ ...row, aik: (await rosters.trust.account(row.account)).aik })
  return rosters.publish(roster, members, former)
}
