// Card and map belong together: whoever points at the one sees the other.

/** Light up a card's disc and a disc's cards. */
export function enhanceMap(root) {
  const map = root.querySelector('.umkreis')
  if (!map) return
  for (const type of ['pointerover', 'focusin']) root.addEventListener(type, (event) => light(root, map, event.target))
}

function light(root, map, target) {
  const cell = target.closest?.('[data-cell]')?.dataset.cell
  for (const lit of root.querySelectorAll('.lit')) lit.classList.toggle('lit', lit.dataset.cell === cell)
  if (!cell) return
  const inMap = map.contains(target)
  for (const each of root.querySelectorAll(`[data-cell="${CSS.escape(cell)}"]`)) {
    if (map.contains(each) !== inMap) each.classList.add('lit')
  }
}
