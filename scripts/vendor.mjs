// Bundles the pinned browser libraries: one minified ES module per row of BUNDLES, with manifest and licences.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const TARGET = 'static/vendor'
const MANIFEST = join(TARGET, 'manifest.json')
const ESBUILD = ['esbuild', '0.28.2']
const UNICODE = ['@unicode/unicode-15.0.0', '2.0.7']
/** What becomes which file. A version goes up here and nowhere else. */
const BUNDLES = [
  {
    file: 'noble.js',
    packages: { '@noble/ciphers': '2.4.0', '@noble/curves': '2.4.0', '@noble/hashes': '2.4.0' },
    entry: `
      export { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
      export { ed25519, x25519 } from '@noble/curves/ed25519.js'
      export { argon2idAsync } from '@noble/hashes/argon2.js'
      export { blake2b } from '@noble/hashes/blake2.js'
      export { hmac } from '@noble/hashes/hmac.js'
      export { sha256, sha512 } from '@noble/hashes/sha2.js'`,
  },
  {
    file: 'preact.js',
    packages: { preact: '10.29.8', htm: '3.1.1' },
    entry: `
      export { html, render } from 'htm/preact'
      export { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'`,
  },
  {
    file: 'qr.js',
    packages: { 'lean-qr': '2.7.4' },
    entry: `export { correction, generate, mode } from 'lean-qr'`,
  },
  {
    file: 'scan.js',
    packages: { jsqr: '1.4.0' },
    entry: `export { default as readQr } from 'jsqr'`,
  },
]

const work = mkdtempSync(join(tmpdir(), 'vendor-'))
try {
  const known = existsSync(MANIFEST) ? JSON.parse(readFileSync(MANIFEST, 'utf8')) : { files: [] }
  const integrity = fetchAll()
  refuseChanged(known, integrity)
  const files = BUNDLES.map((bundle) => make(bundle, integrity))
  writeFileSync(MANIFEST, JSON.stringify({ files, bundler: ESBUILD.join(' ') }, null, 2) + '\n')
  await unicodeTable()
} finally {
  rmSync(work, { recursive: true })
}

/** Installs everything pinned, without running anybody's scripts; gives what npm says of each package's bytes. */
function fetchAll() {
  const pinned = [ESBUILD, UNICODE, ...BUNDLES.flatMap(({ packages }) => Object.entries(packages))]
  writeFileSync(join(work, 'package.json'), '{"private":true}')
  const specs = pinned.map(([name, version]) => `${name}@${version}`)
  const quiet = ['--silent', '--ignore-scripts', '--no-audit', '--no-fund']
  execFileSync('npm', ['install', '--save-exact', ...quiet, ...specs], { cwd: work, stdio: 'inherit' })
  const lock = JSON.parse(readFileSync(join(work, 'package-lock.json'), 'utf8'))
  return (name) => lock.packages[`node_modules/${name}`].integrity
}

/** The same version with other bytes is an attack or an accident; never take it. */
function refuseChanged(known, integrity) {
  for (const { name, version, integrity: before } of known.files.flatMap((file) => file.packages)) {
    const pinned = BUNDLES.some(({ packages }) => packages[name] === version)
    if (pinned && integrity(name) !== before) throw new Error(`${name}@${version} is not what it was`)
  }
}

function make({ file, packages, entry }, integrity) {
  writeFileSync(join(work, 'entry.js'), entry)
  const esbuild = join(work, 'node_modules/.bin/esbuild')
  const options = ['--bundle', '--minify', '--format=esm', '--target=es2022', '--legal-comments=none', '--charset=utf8']
  const code = execFileSync(esbuild, ['entry.js', ...options], { cwd: work, encoding: 'utf8' })
  const head = Object.entries(packages).map(([name, version]) => `${name} ${version}`).join(', ')
  const text = `/* ${head}; licences beside this file. Made by scripts/vendor. */\n${code}`
  writeFileSync(join(TARGET, file), text)
  const described = Object.entries(packages).map(([name, version]) => describe(name, version, integrity))
  return { file, sha384: createHash('sha384').update(text).digest('base64'), bytes: Buffer.byteLength(text), packages: described }
}

function describe(name, version, integrity) {
  const home = join(work, 'node_modules', name)
  const { license } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  const licence = `licences/${name.replace('@', '').replace('/', '-')}.txt`
  mkdirSync(join(TARGET, 'licences'), { recursive: true })
  cpSync(join(home, 'LICENSE'), join(TARGET, licence))
  return { name, version, licence: license, text: licence, integrity: integrity(name) }
}

/** Gap and length of each unassigned range in base 36: the table that static/lib/dkx/unicode15.js unfolds. */
async function unicodeTable() {
  const source = join(work, 'node_modules', UNICODE[0], 'General_Category/Unassigned/ranges.mjs')
  const { default: ranges } = await import(pathToFileURL(source).href)
  let end = 0
  const words = ranges.map((range) => {
    const word = `${(range.begin - end).toString(36)}.${(range.end - range.begin).toString(36)}`
    end = range.end
    return word
  })
  const lines = words.join(' ').match(/.{1,110}(?: |$)/g).map((line) => `  '${line}'`)
  const head = '// The code points that Unicode 15.0 leaves unassigned, as gap.length in base 36. Made by scripts/vendor.'
  writeFileSync('static/lib/dkx/unassigned15.js', `${head}\nexport const UNASSIGNED =\n${lines.join(' +\n')}\n`)
}
