// Who is in a room: rosters believed against pinned identities, and what all its device lists are called together.
import { equal, b64u, fromB64u, hex } from './dkx/bytes.js'
import { deviceOf } from './dkx/devlist.js'
import { DkxError, codeOf } from './dkx/error.js'
import { PEERS_RECENT, peersHash } from './dkx/peers.js'
import { OWNER, followsRoster, makeRoster, memberOf, parseRoster, verifyRoster } from './dkx/roster.js'
import { NotReady } from './errors.js'

/** @import { Roster } from './dkx/roster.js' */
/** @import { Pin } from './dkx/pins.js' */

const MOST_COMPARED = 64

export class Rosters {
  /** @type {Map<string, {from: any, known: {fromSeq: number, roster: Roster}[]}>} */
  #parsed = new Map()
  #fetching = Promise.resolve()

  /** @param {import('./trust.js').Trust} trust @param {import('./hub.js').Http} http */
  constructor(trust, http) {
    this.trust = trust
    this.store = trust.store
    this.http = http
  }

  /** Every roster ever believed, oldest first. @param {string} room */
  all(room) {
    const from = this.store.get(`rosters/${room}`) ?? []
    const parsed = this.#parsed.get(room)
    if (parsed?.from === from) return parsed.known
    const known = from.map((/** @type {any} */ { fromSeq, bytes }) => ({ fromSeq, roster: parseRoster(bytes) }))
    this.#parsed.set(room, { from, known })
    return known
  }

  /** The newest roster believed. @param {string} room @returns {Roster | undefined} */
  known(room) {
    return this.all(room).at(-1)?.roster
  }

  /** @param {string} room @param {any} hash 32 bytes, or 16 of a record from a backup @returns {Roster | undefined} */
  byHash(room, hash) {
    const wanted = hex(hash)
    return this.all(room).find(({ roster }) => hex(roster.hash).startsWith(wanted))?.roster
  }

  /** The version that an entry must be sent under, 0 before any. @param {string} room @param {number} seq */
  versionAt(room, seq) {
    return Math.max(0, ...this.all(room).filter(({ fromSeq }) => fromSeq < seq).map(({ roster }) => roster.version))
  }

  /** The newest one, fetched when there is none. @param {string} room */
  async newest(room) {
    return this.known(room) ?? this.catchUp(room)
  }

  /**
   * Fetches and believes every roster after the one known, one after another. Alarm; NotReady if we are in none.
   * @param {string} room
   * @returns {Promise<Roster>}
   */
  catchUp(room) {
    const fetching = this.#fetching.then(() => this.#catchUp(room))
    this.#fetching = fetching.then(() => undefined, () => undefined)
    return fetching
  }

  /** @param {string} room */
  async #catchUp(room) {
    let known = this.known(room)
    let reason = new NotReady('the room has no roster yet')
    const answer = await this.http.call('GET', `/v1/rooms/${room}/rosters`, undefined, { version: known?.version ?? 0 })
    for (const { roster, seq } of answer.rosters) {
      try {
        known = await this.believe(parsed(roster), seq)
      } catch (error) {
        if (!(error instanceof NotReady)) throw error
        reason = error
      }
    }
    if (!known) throw reason
    return known
  }

  /**
   * Keeps a roster that verifies: signer, pinned identities, its own row, the one before. Alarm.
   * @param {Roster} came
   * @param {number} fromSeq the row of the log that told of it, 0 for the first
   */
  async believe(came, fromSeq) {
    const { room } = came
    for (const { account, aik } of came.members) {
      const pin = await this.trust.account(account)
      if (!equal(pin.aik, aik)) throw this.trust.alarm('roster_identity', account, room)
    }
    this.#checkOwnRow(came)
    try {
      const holder = this.#holder(await this.trust.account(came.signer), came) ?? this.#holder(await this.trust.fill(came.signer), came)
      if (!holder) throw new DkxError('roster_invalid', 'made by a device nobody knows, or knows no longer')
      verifyRoster(came.bytes, [holder])
      if (!followsRoster(this.known(room), came)) return came
    } catch (error) {
      if (error instanceof DkxError) throw this.trust.alarm(codeOf(error), came.signer, room)
      throw error
    }
    this.store.put(`rosters/${room}`, [...(this.store.get(`rosters/${room}`) ?? []), { fromSeq, bytes: came.bytes }])
    return came
  }

  /** We stand in it as who we are; a roster not newer than our first device, to the ms, may not know us yet. @param {Roster} came */
  #checkOwnRow(came) {
    const { account, aik } = this.trust.own
    const row = memberOf(came, account)
    if (row && equal(row.aik, aik)) return
    const lists = this.trust.pins.get(account)?.lists ?? []
    const since = Math.min(...lists.map(({ created }) => created))
    if (!row && came.created <= since) throw new NotReady("the room's roster is older than this device")
    throw this.trust.alarm('own_row', account, came.room)
  }

  /**
   * The signer's list that vouches for its device: the newest, or one it stood in when the roster was made. Who was
   * removed signs nothing afterwards, whatever the hub would like them to.
   * @param {Pin} pin
   * @param {Roster} came
   */
  #holder(pin, came) {
    const stillThere = pin.lists.at(-1)?.devices.some(({ device }) => device === came.signerDevice)
    return pin.lists.find((list, n) => {
      const later = pin.lists[n + 1]
      return deviceOf(list, came.signerDevice) && (!later || stillThere || came.created <= later.created)
    })
  }

  /** Takes in a party that had no device when the room was opened. NotReady while it still has none. @param {Roster} roster */
  async complete(roster) {
    const { room } = roster
    const sheet = await this.http.call('GET', `/v1/rooms/${room}`)
    const missing = sheet.members.filter((/** @type {any} */ one) => one.role <= OWNER && !memberOf(roster, one.user))
    if (missing.length === 0) return roster
    const added = []
    for (const { user, role } of missing) added.push({ account: user, aik: (await this.trust.account(user)).aik, role })
    const made = this.make(room, [...roster.members, ...added], roster)
    const answer = await this.http.command(`/v1/rooms/${room}/roster`, { roster: b64u(made.bytes) })
    return this.believe(made, answer.seq)
  }

  /** Signs the roster after another, or the first of a room. @param {string} room @param {import('./dkx/roster.js').Member[]} members @param {Roster} [before] */
  make(room, members, before) {
    const { account, device, dskSeed } = this.trust.own
    const place = { version: (before?.version ?? 0) + 1, prev: before?.hash ?? new Uint8Array(32) }
    const told = { room, ...place, signer: account, signerDevice: device, created: Date.now(), members }
    return parseRoster(makeRoster(told, dskSeed))
  }

  /** The newest device lists of all members. @param {Roster} roster */
  lists(roster) {
    return this.#pins(roster).flatMap((pin) => pin.lists.slice(-1))
  }

  /** @param {Roster} roster */
  peers(roster) {
    return peersHash(this.lists(roster))
  }

  /** Whether lists that are current, or were within the last 48 hours, have this peers_hash (hex). @param {Roster} roster @param {string} named */
  explains(roster, named) {
    let choices = [/** @type {any[]} */ ([])]
    for (const pin of this.#pins(roster).filter(({ lists }) => lists.length)) {
      choices = choices.flatMap((chosen) => recent(pin).map((list) => [...chosen, list])).slice(0, MOST_COMPARED)
    }
    return choices.some((chosen) => hex(peersHash(chosen)) === named)
  }

  /** @param {Roster} roster @returns {Pin[]} */
  #pins(roster) {
    return roster.members.flatMap(({ account }) => this.trust.pins.get(account) ?? [])
  }
}

/** @param {string} roster */
const parsed = (roster) => parseRoster(fromB64u(roster))

/** Newest first: the current list and those that were replaced less than 48 hours ago. @param {Pin} pin */
function recent({ lists }) {
  const since = Date.now() - PEERS_RECENT
  const older = lists.slice(0, -1).filter((_, n) => lists[n + 1].created > since)
  return [lists[lists.length - 1], ...older.reverse()]
}
