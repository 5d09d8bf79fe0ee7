// One's own things, as the hub pages them.

/** All of them, drafts and archived ones too. @param {any} hub @returns {Promise<any[]>} */
export async function ownItems(hub) {
  const found = []
  for (let after = ''; ;) {
    const { items } = await hub.http.call('GET', '/v1/me/items', undefined, after ? { after } : {})
    if (items.length === 0) return found
    found.push(...items)
    after = items.at(-1).id
  }
}

/** One of them, or nothing. @param {any} hub @param {string} id */
export const ownItem = async (hub, id) => (await ownItems(hub)).find((item) => item.id === id) ?? null
