// Who is in a room: rosters believed against pinned identities, and what all its device lists are called together.
import { equal, b64u, fromB64u, hex } from './dkx/bytes.js'
import { deviceOf } from './dkx/devlist.js'
import { DkxError, codeOf } from './dkx/error.js'
import { PEERS_RECENT, peersHash } from './dkx/peers.js'
import { OWNER, followsRoster, makeRoster, memberOf, parseRoster, verifyRoster } from './dkx/roster.js'
import { NotReady } from './errors.js'

/** @import { Roster } from './dkx/roster.js' */
/** @import { Pin } from './dkx/pins.js' */

/** A roster, and the row of the log that told of it. @typedef {{fromSeq: number, roster: Roster}} Numbered */

const MOST_COMPARED = 64

/** A roster names an identity that its owner has given up since. */
export class FormerIdentity extends NotReady {}

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
    /** @type {Numbered[]} */
    let former = []
    const answer = await this.http.call('GET', `/v1/rooms/${room}/rosters`, undefined, { version: known?.version ?? 0 })
    for (const { roster, seq } of answer.rosters) {
      const came = parsed(roster)
      try {
        known = await this.believe(came, seq, former)
        former = []
      } catch (error) {
        if (!(error instanceof NotReady)) throw error
        reason = error
        if (error instanceof FormerIdentity) former.push({ fromSeq: seq, roster: came })
      }
    }
    if (former.length) return (await import('./anew.js')).comeBack(this, former, reason)
    if (!known) throw reason
    return known
  }

  /**
   * Keeps a roster that verifies: signer, pinned identities, its own row, the one before. Alarm.
   *
   * `former` are those right before it that name identities which were given up since: nobody can check their
   * signatures any more, and this one, which names their hashes, vouches for them. FormerIdentity where it is itself
   * such a one.
   * @param {Roster} came
   * @param {number} fromSeq the row of the log that told of it, 0 for the first
   * @param {Numbered[]} [former]
   */
  async believe(came, fromSeq, former = []) {
    const { room } = came
    this.#checkOwnRow(came)
    for (const member of came.members) await this.#checkRow(came, member)
    try {
      const holder = this.#holder(await this.trust.account(came.signer), came) ?? this.#holder(await this.trust.fill(came.signer), came)
      if (!holder) throw new DkxError('roster_invalid', 'made by a device nobody knows, or knows no longer')
      verifyRoster(came.bytes, [holder])
      checkVouching(came, former)
      let before = this.known(room)
      for (const { roster } of former) before = followsRoster(before, roster) ? roster : before
      if (!followsRoster(before, came)) return came
    } catch (error) {
      if (error instanceof DkxError) throw this.trust.alarm(codeOf(error), came.signer, room)
      throw error
    }
    const kept = [...former, { fromSeq, roster: came }].map(({ fromSeq: from, roster }) => ({ fromSeq: from, bytes: roster.bytes }))
    this.store.put(`rosters/${room}`, [...(this.store.get(`rosters/${room}`) ?? []), ...kept])
    return came
  }

  /** Whether it names the identity that is pinned, asked anew where not; Alarm if that has changed. @param {Roster} came @param {import('./dkx/roster.js').Member} member */
  async #checkRow(came, { account, aik }) {
    const pin = await this.trust.account(account)
    if (equal(pin.aik, aik) || account === this.trust.own.account) return
    await this.trust.refresh(account)
    if (came.created > this.#since(account)) throw this.trust.alarm('roster_identity', account, came.room)
    throw new FormerIdentity(`${account} has other keys now and is not back in the room yet`)
  }

  /** We stand in it as who we are; one not newer than our first device, to the ms, may not know us, or as whom. @param {Roster} came */
  #checkOwnRow(came) {
    const { account, aik } = this.trust.own
    const row = memberOf(came, account)
    if (row && equal(row.aik, aik)) return
    // Not after one that did: else a hub could put strangers beside us, and have us sign for them on our return.
    if (this.known(came.room) || came.created > this.#since(account)) throw this.trust.alarm('own_row', account, came.room)
    if (!row) throw new NotReady("the room's roster is older than this device")
    throw new FormerIdentity('this account has other keys now and is not back in the room yet')
  }

  /** When an account got its first device under the identity of now, as far as we know. @param {string} account */
  #since(account) {
    const lists = this.trust.pins.get(account)?.lists ?? []
    return lists.length ? Math.min(...lists.map(({ created }) => created)) : 0
  }

  /** @param {Roster} before @param {import('./dkx/roster.js').Member[]} members @param {Numbered[]} [former] */
  async publish(before, members, former) {
    const { room } = before
    const made = this.make(room, members, before)
    const answer = await this.http.command(`/v1/rooms/${room}/roster`, { roster: b64u(made.bytes) })
    return this.believe(made, answer.seq, former)
  }

  /**
   * Who wrote under an old roster, where no device list tells: the one member who has given up that identity. All
   * others' lists are known, so a device that stands in none of them can only have been theirs.
   * @param {Roster | undefined} roster
   * @returns {string | null}
   */
  formerMember(roster) {
    const gone = (roster?.members ?? []).filter(({ account, aik }) => {
      const pin = this.trust.pins.get(account)
      return !pin || !equal(pin.aik, aik)
    })
    return gone.length === 1 ? gone[0].account : null
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
    return this.publish(roster, [...roster.members, ...added])
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

/** Only who may change a roster vouches for those before it that nobody can check. @param {Roster} came @param {Numbered[]} former */
function checkVouching(came, former) {
  const role = memberOf(came, came.signer)?.role
  if (former.length && !(role && role <= OWNER)) throw new DkxError('roster_forbidden', 'this role vouches for nothing')
}

/** @param {string} roster */
const parsed = (roster) => parseRoster(fromB64u(roster))

/** Newest first: the current list and those that were replaced less than 48 hours ago. @param {Pin} pin */
function recent({ lists }) {
  const since = Date.now() - PEERS_RECENT
  const older = lists.slice(0, -1).filter((_, n) => lists[n + 1].created > since)
  return [lists[lists.length - 1], ...older.reverse()]
}
