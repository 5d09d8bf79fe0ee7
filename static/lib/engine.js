// The engine of one account in one browser: socket, log, keys and outbox at work. One tab runs it (hub.js), for all.
import { b64u } from './dkx/bytes.js'
import { startSession } from './dkx/session.js'
import { OWNER, RENTER } from './dkx/roster.js'
import { Applier, isPassing } from './applying.js'
import { Device } from './device.js'
import { Errands } from './errands.js'
import { HubRefused, NotReady, Offline } from './errors.js'
import { Keyring } from './keyring.js'
import { Line } from './line.js'
import { Live } from './live.js'
import { Outbox, write } from './outbox.js'
import { Pending } from './pending.js'
import { Reader } from './reading.js'
import { Rosters } from './rosters.js'
import { Sender } from './sender.js'
import { Shelf } from './shelf.js'
import { Sync } from './sync.js'
import { CTYPES } from './dkx/rest.js'
import { Trust } from './trust.js'
import { Uploads } from './uploads.js'
import { Wanting } from './wanting.js'

const CLIENT = 'web/1.0'

/**
 * @typedef {{store: import('./store.js').Store, log: import('./log.js').Log, http: import('./hub.js').Http,
 *   user: string, origin: string, lang: string, helper: any, tell: (kind: string, told: any) => void}} Parts
 */

export class Engine {
  #stopped = false
  #proving = 0
  /** Whether this browser is a device of the account, as soon as that is known. @type {Promise<boolean>} */
  #settling = Promise.resolve(false)
  /** @type {Promise<import('./together.js').Together> | undefined} */
  #together

  /** @param {Parts} parts */
  constructor({ store, log, http, user, origin, lang, helper, tell }) {
    Object.assign(this, { store, log, http, user, lang, helper, tell })
    this.trust = new Trust(store, http, tell)
    this.device = new Device(this.trust, http, origin)
    this.rosters = new Rosters(this.trust, http)
    this.keyring = new Keyring(this.rosters, this.device)
    this.reader = new Reader(log, this.rosters, this.keyring, helper)
    this.applier = new Applier(log, this.reader, tell)
    this.wanting = new Wanting(log, this.keyring)
    this.shelf = new Shelf(log, http, user)
    this.keyring.onKept = () => this.together().then((together) => together.backUpSoon(), () => {})
    this.line = new Line(origin, {
      introduce: (renew) => this.#introduce(renew),
      onHello: (hello) => this.live.hello(hello),
      onTold: (event, payload) => this.live.told(event, payload),
      onState: (state) => this.#lineState(state),
    })
    this.sync = new Sync(log, this.applier, (event, payload) => this.line.ask(event, payload))
    this.sender = new Sender(log, this.rosters, this.keyring)
    this.uploads = new Uploads(store, http, user, tell)
    this.outbox = new Outbox(this.sender, this.line, new Errands(log, http, this.uploads), tell)
    this.uploads.onDone = (room) => this.outbox.nudge(room)
    this.pending = new Pending(store, http, tell, (rental) => this.shelf.keepRental(rental))
    this.live = new Live(this)
  }

  /** What spans the devices of the account, loaded when it is wanted: reading and writing never wait for it. */
  together() {
    this.#together ??= import('./together.js').then(({ Together }) => new Together(this))
    return this.#together
  }

  /** Signing what was agreed, loaded when it is wanted. @returns {Promise<any>} */
  agreements() {
    this.signing ??= import('./agreements.js').then(({ Agreements }) => new Agreements(this))
    return this.signing
  }

  /** Does what any tab may ask for. @param {string} name @param {any[]} args */
  async run(name, args) {
    const act = this.acts[name] ?? (await this.together()).acts[name]
    return act(...args)
  }

  /** Brings everything up; returns as soon as what is on disk can be read. */
  async start() {
    const session = await startSession(this.store.keys)
    // After a crash a chain's newest state may be lost: the next message begins another (e2ee.md §4).
    if (!session.clean) for (const [name] of this.store.under('sending/')) this.store.remove(name)
    globalThis.addEventListener?.('pagehide', () => session.end())
    this.#begin()
  }

  /** Makes the device if this browser has none, goes live; again and again while the hub is away. */
  async #begin() {
    for (let attempt = 0; !this.#stopped; attempt += 1) {
      this.#settling = this.#settleDevice()
      try {
        if (await this.#settling) this.#goLive()
        return
      } catch (error) {
        if (error instanceof HubRefused && !error.retry) return this.tell('line', { is: 'ended', code: error.code })
        if (!(error instanceof Offline || isPassing(error))) throw error
        this.tell('line', { is: 'down' })
        await new Promise((resolve) => setTimeout(resolve, Math.min(15_000, 1000 * 2 ** attempt)))
      }
    }
  }

  /** @returns {Promise<boolean>} whether this browser is a device of the account */
  async #settleDevice() {
    if (this.device.exists()) {
      if (this.device.isBeingCreated()) await this.device.create(this.user)
      if (['restoring', 'joining', 'anew'].some((step) => this.store.get(step))) await (await this.together()).resume()
      this.tell('device', { is: 'ready' })
      return true
    }
    if (await this.device.isFirst(this.user)) {
      await this.device.create(this.user)
      this.tell('device', { is: 'ready' })
      return true
    }
    this.tell('device', { is: 'locked' })
    if (this.store.get('joining')) this.together().then((together) => together.cancel()).catch(() => {})
    return false
  }

  #goLive() {
    this.sync.run()
    this.line.start()
    this.live.start()
  }

  /** This browser has just become a device: linked by another, or by the recovery code. */
  async joined() {
    this.#settling = Promise.resolve(true)
    this.tell('device', { is: 'ready' })
    this.#goLive()
  }

  stop() {
    this.#stopped = true
    this.#together?.then((together) => together.stop())
    this.live.stop()
    this.sync.stop()
    this.outbox.stop()
    this.uploads.stop()
    this.pending.stop()
    this.line.stop()
  }

  /** @param {boolean} renew */
  async #introduce(renew) {
    const token = await this.http.token(renew)
    return { v: 1, token, device: this.device.self().device, client: CLIENT, lang: this.lang }
  }

  /** @param {{is: string, code?: string}} state */
  #lineState(state) {
    if (state.is === 'down') this.sync.disconnected()
    if (state.is === 'ended' && state.code === 'device_required' && this.#proving < 3) return this.#prove()
    if (state.is === 'up') this.#proving = 0
    this.tell('line', state)
  }

  /** The sign-in has not proven its device yet: do so, and go live again. */
  async #prove() {
    this.#proving += 1
    try {
      await this.device.prove()
      this.line.start()
    } catch (error) {
      if (error instanceof NotReady && error.message === 'removed') this.tell('device', { is: 'removed' })
      else if (error instanceof HubRefused) this.tell('line', { is: 'ended', code: error.code })
      else setTimeout(() => this.#prove(), 5000)
    }
  }

  /**
   * What any tab may ask for, beside what `together` does; arguments and answers travel between tabs.
   * @type {Record<string, (...args: any[]) => any>}
   */
  acts = {
    nudge: (room) => this.outbox.nudge(room),
    retry: async (cid) => {
      await this.outbox.retry(cid)
      this.uploads.start()
    },
    drop: async (cid) => (await this.outbox.drop(cid)) && this.uploads.tidy(),
    upload: () => this.uploads.start(),
    giveUp: (cid) => this.uploads.giveUp(cid),
    hurry: () => this.line.hurry(),
    typing: (room, on) => this.line.ask('typing:set', { room, on }).catch(() => {}),
    read: (room, seq) => this.live.read(room, seq),
    presence: (state) => this.live.present(state),
    refresh: (room) => this.shelf.refresh(room),
    keepRental: async (rental) => {
      this.shelf.keepRental(rental)
      await this.store.flush()
    },
    agreements: async (what, ...more) => (await this.agreements())[what](...more),
    openRoom: (told) => this.#openRoom(told),
    acceptIdentity: (account) => this.#decided(() => this.trust.acceptIdentity(account)),
    setVerified: (account, verified, aik) => this.#decided(() => this.trust.setVerified(account, verified, aik)),
    account: async (account) => {
      const pin = await this.trust.account(account)
      await this.store.flush()
      return { account, aik: pin.aik, verified: pin.verified, pending: pin.pending }
    },
  }

  /** What waited for a decision goes on: messages are sent, what could not be read is tried. @param {() => Promise<void>} decide */
  async #decided(decide) {
    await decide()
    for (const [room] of this.log.rooms()) await this.applier.heal(room)
    this.outbox.start()
  }

  /**
   * Opens a rental: a room of our own making with its first roster, for whoever opens it vouches for who is in it;
   * then the words. The same `cmd` and `room` again do the same once.
   * @param {{item: string, owner?: string, room: string, cmd: string, terms?: any, text?: string}} told
   */
  async #openRoom({ item, owner, room, cmd, terms, text }) {
    if (!(await this.#settling)) throw new NotReady('locked')
    const own = this.device.self()
    const lender = owner ?? (await this.http.call('GET', `/v1/items/${item}`)).owner.id
    const roster = this.rosters.known(room) ?? this.rosters.make(room, [
      { account: own.account, aik: own.aik, role: RENTER }, ...(await this.#withDevice(lender)),
    ])
    await this.rosters.believe(roster, 0)
    const body = { cmd_id: cmd, item, room, roster: b64u(roster.bytes), ...terms }
    const { rental } = await this.http.command(terms ? '/v1/rentals' : '/v1/rentals/inquiries', body)
    this.shelf.keepRental(rental)
    if (text) write(this.store, { room, ctype: CTYPES.text, content: { t: text } })
    await this.store.flush()
    this.outbox.nudge(room)
    await this.shelf.refresh(room)
    return rental
  }

  /** None yet if they have no device: then the rental works and the chat waits (e2ee.md §3f). @param {string} account */
  async #withDevice(account) {
    try {
      const { aik } = await this.trust.account(account)
      return [{ account, aik, role: OWNER }]
    } catch (error) {
      if (error instanceof NotReady) return []
      throw error
    }
  }
}

