// Keys: the recovery code, the devices that read along, letting another one in, and shutting a lost one out.
import { html, useEffect, useState } from '../vendor.js'
import { useProof } from '../keys/proof.js'
import { Scan } from '../keys/scan.js'
import { backupSecret } from '../keys/opening.js'
import { passkeysWork } from '../../lib/passkey.js'
import { otherOf } from '../../lib/room.js'
import { Act, Field, Icon, Sheet, useHub } from '../parts.js'
import { dated } from '../say.js'
import { has, t } from '../words.js'
import { useLoaded } from '../load.js'

/** Notices of the last so many that are still worth reading. */
const MOST = 8

/** @param {{hub: any}} props */
export function Devices({ hub }) {
  const [found, again, waiting] = useLoaded(() => hub.do('keys'))
  const [proven, sheet] = useProof(hub)
  useHub(hub, (kind) => ['working', 'devices', 'warning'].includes(kind))
  useEffect(() => hub.listen((/** @type {string} */ kind) => { if (kind === 'devices' || kind === 'link') again() }), [])
  const { share } = hub.standing
  return html`${waiting}
    ${found && !found.current && html`<${Renewing} hub=${hub} onDone=${again} />`}
    ${found && html`<${Code} hub=${hub} exists=${found.exists} passkey=${found.passkey} proven=${proven} onDone=${again} />`}
    ${share !== undefined && html`<div class="progress"><progress aria-label=${t('working')} max="1" value=${share}></progress></div>`}
    ${found && html`<${Own} hub=${hub} found=${found} proven=${proven} onDone=${again} />`}
    <${Waiting} hub=${hub} onDone=${again} />
    <${Notices} hub=${hub} />
    ${sheet}`
}

/** Another device has replaced the account's keys. @param {{hub: any, onDone: () => void}} props */
function Renewing({ hub, onDone }) {
  const [code, setCode] = useState('')
  return html`<section class="card stack"><h2>${t('renew')}</h2><p class="notice warn"><${Icon} name="triangle-alert" /><span>${t('renew_text')}</span></p>
    <${RecoveryField} id="renew" code=${code} setCode=${setCode} />
    <${Act} class="primary" act=${() => hub.do('codeRenew', code)} onDone=${onDone}>${t('renew_do')}</${Act}></section>`
}

/** @param {{id: string, code: string, setCode: (code: string) => void, label?: string}} props */
const RecoveryField = ({ id, code, setCode, label }) => html`<${Field} id=${id} label=${label ?? t('recovery_code')} hint=${t('recovery_hint')}>
  <input id=${id} class="input mono" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="200" value=${code} onInput=${(/** @type {any} */ event) => setCode(event.target.value)} /></${Field}>`

/** @param {{hub: any, exists: boolean, passkey: boolean, proven: any, onDone: () => void}} props */
function Code({ hub, exists, passkey, proven, onDone }) {
  const [shown, setShown] = useState('')
  const [old, setOld] = useState('')
  const needsOld = exists && !hub.store.get('own')?.aikSeed
  const close = () => { setShown(''); setOld('') }
  return html`<section class="card stack"><h2>${t('recovery_code')}</h2>
    ${exists ? html`<p class="notice ok"><${Icon} name="shield-check" /><span>${t('code_exists')}</span></p>` : html`<p class="notice warn"><${Icon} name="triangle-alert" /><span>${t('code_none')}</span></p>`}
    ${needsOld && html`<details><summary>${t('code_change')}</summary><div class="stack"><p>${t('code_change_text')}</p><${RecoveryField} id="old-code" code=${old} setCode=${setOld} label=${t('code_old')} />
      <${Act} disabled=${!old.trim()} act=${async () => setShown(await hub.do('codePrepare'))}>${t('code_change')}</${Act}></div></details>`}
    ${!needsOld && html`<${Act} class="primary" icon="key-round" act=${async () => setShown(await hub.do('codePrepare'))}>${t(exists ? 'code_change' : 'code_make')}</${Act}>`}
    ${exists && passkeysWork() && html`<${Opening} hub=${hub} passkey=${passkey} proven=${proven} onDone=${onDone} />`}
    ${shown && html`<${Writing} hub=${hub} shown=${shown} old=${old} proven=${proven} onClose=${close} onDone=${() => { close(); onDone() }} />`}
  </section>`
}

/** A passkey that opens the backup as the code does. @param {{hub: any, passkey: boolean, proven: any, onDone: () => void}} props */
function Opening({ hub, passkey, proven, onDone }) {
  const [code, setCode] = useState('')
  const keep = async () => {
    const secret = await backupSecret(hub)
    await proven(() => hub.do('passkeyKeep', code, secret))
    setCode('')
  }
  if (passkey) return html`<p><span class="pill ok"><${Icon} name="key-round" />${t('passkey_opens')}</span></p>`
  return html`<details><summary>${t('passkey_open')}</summary><div class="stack"><p>${t('passkey_open_text')}</p>
    <${RecoveryField} id="passkey-code" code=${code} setCode=${setCode} />
    <${Act} disabled=${code.trim().length < 12} act=${keep} onDone=${onDone}>${t('passkey_open_do')}</${Act}></div></details>`
}

/** The code is shown, written down, and typed back. @param {{hub: any, shown: string, old: string, proven: any, onClose: () => void, onDone: () => void}} props */
function Writing({ hub, shown, old, proven, onClose, onDone }) {
  const [noted, setNoted] = useState(false)
  const [typed, setTyped] = useState('')
  const save = () => proven(() => hub.do('codeConfirm', typed, old))
  return html`<${Sheet} title=${t('recovery_code')} onClose=${onClose}>
    ${noted ? html`<p>${t('code_back')}</p><${RecoveryField} id="typed-code" code=${typed} setCode=${setTyped} />
      <${Act} class="primary wide" disabled=${typed.trim().length < 24} act=${save} onDone=${onDone}>${t('code_keep')}</${Act}>
      <button type="button" class="button wide" onClick=${() => setNoted(false)}>${t('code_again')}</button>`
    : html`<p>${t('code_write')}</p><p class="recovery mono" data-recovery=${shown}>${shown.split('-').map((group) => html`<span>${group}</span> `)}</p>
      <p class="quiet">${t('code_where')}</p>
      <button type="button" class="button wide" onClick=${() => window.print()}>${t('code_print')}</button>
      <button type="button" class="button primary wide" onClick=${() => setNoted(true)}>${t('noted')}</button>`}
  </${Sheet}>`
}

/** @param {{hub: any, found: any, proven: any, onDone: () => void}} props */
function Own({ hub, found, proven, onDone }) {
  const [lost, setLost] = useState('')
  const [scanning, setScanning] = useState(false)
  const admit = (/** @type {string} */ text) => hub.do('linkScan', text).then(() => { setScanning(false); onDone() })
  return html`<section class="card stack"><h2>${t('devices')}</h2><p>${t('devices_text')}</p>
    <ul class="plain rows">${found.devices.map((/** @type {any} */ { device, added, mine }) => html`<li class="keyrow" key=${device}><${Icon} name="lock" />
      <span class="grow"><strong>${t('device_named', { id: device.slice(0, 4).toUpperCase() })}</strong><span class="fine">${t('since', { when: dated(added) })}</span></span>
      ${mine ? html`<span class="pill ok">${t('this_one')}</span>` : html`<button type="button" class="button compact danger" disabled=${!found.exists} onClick=${() => setLost(device)}>${t('device_remove')}</button>`}</li>`)}</ul>
    ${!found.exists && found.devices.length > 1 && html`<p class="quiet">${t('device_remove_needs')}</p>`}
    <button type="button" class="button" onClick=${() => setScanning(true)}><${Icon} name="qr-code" />${t('device_add')}</button>
    ${scanning && html`<${Sheet} title=${t('device_add')} onClose=${() => setScanning(false)}><p>${t('device_add_text')}</p><${Scan} label=${t('device_add')} onFound=${admit} /></${Sheet}>`}
    ${lost && html`<${Losing} hub=${hub} device=${lost} proven=${proven} onClose=${() => setLost('')} onDone=${() => { setLost(''); onDone() }} />`}
  </section>`
}

/** @param {{hub: any, device: string, proven: any, onClose: () => void, onDone: () => void}} props */
function Losing({ hub, device, proven, onClose, onDone }) {
  const [code, setCode] = useState('')
  return html`<${Sheet} title=${t('device_remove_title')} onClose=${onClose}><p>${t('device_remove_text')}</p>
    <${RecoveryField} id="remove-code" code=${code} setCode=${setCode} />
    <${Act} class="danger wide" disabled=${code.trim().length < 12} act=${() => proven(() => hub.do('removeDevices', [device], code))} onDone=${onDone}>${t('device_remove')}</${Act}></${Sheet}>`
}

/** Sign-ins that ask to be let in by digits. @param {{hub: any, onDone: () => void}} props */
function Waiting({ hub, onDone }) {
  const [links, again] = useLoaded(() => hub.do('links'))
  const [compared, setCompared] = useState(/** @type {{link: string, digits: string} | null} */ (null))
  // Who asked while the line was not up yet was told of to nobody here.
  useEffect(() => hub.listen((/** @type {string} */ kind) => { if (kind === 'link' || kind === 'settled') again() }), [])
  const asking = (links ?? []).filter((/** @type {any} */ { commit }) => commit !== null)
  const compare = (/** @type {string} */ link) => hub.do('linkCompare', link).then((/** @type {string} */ digits) => setCompared({ link, digits }))
  const end = () => { setCompared(null); again(); onDone() }
  return html`${asking.map(({ link }) => html`<section class="card stack" key=${link}><h2>${t('link_asked')}</h2><p>${t('link_asked_text')}</p>
      <p class="row"><${Act} class="primary" act=${() => compare(link)}>${t('link_compare')}</${Act}><${Act} act=${() => hub.do('linkReject', link)} onDone=${end}>${t('link_not_me')}</${Act}></p></section>`)}
    ${compared && html`<${Sheet} title=${t('link_compare')} onClose=${() => setCompared(null)}><p>${t('link_compare_text')}</p>
      <p class="bigcode" data-digits=${compared.digits}>${compared.digits.slice(0, 3)} ${compared.digits.slice(3)}</p>
      <${Act} class="primary wide" icon="check" act=${() => hub.do('linkConfirm', compared.link)} onDone=${end}>${t('link_same')}</${Act}>
      <${Act} class="danger wide" act=${() => hub.do('linkReject', compared.link)} onDone=${end}>${t('link_differ')}</${Act}></${Sheet}>`}`
}

/** What was noticed about keys lately. @param {{hub: any}} props */
function Notices({ hub }) {
  const warned = [...(hub.store.get('warnings') ?? [])].reverse().slice(0, MOST)
  if (warned.length === 0) return null
  return html`<section class="card stack"><h2>${t('warned')}</h2><ul class="plain rows">${warned.map(({ code, at, data }) => html`<li class="keyrow"><${Icon} name="triangle-alert" />
    <span class="grow">${wordsOf(hub, code, data)}<span class="fine">${dated(at)}</span></span></li>`)}</ul></section>`
}

/** @param {any} hub @param {string} code @param {any} data */
function wordsOf(hub, code, data) {
  if (code === 'device_added') return t(data?.account === hub.user ? 'warned_own_device' : 'warned_their_device', { name: nameOf(hub, data?.account) })
  return has(`warned_${code}`) ? t(`warned_${code}`) : t('warned_other', { code })
}

/** What somebody one writes with is called. @param {any} hub @param {string} account */
const nameOf = (hub, account) => hub.rooms().map((/** @type {any} */ { sheet }) => otherOf(sheet, hub.user)).find((/** @type {any} */ other) => other?.user === account)?.display_name ?? t('somebody')
