// Language, colours and size of type change as soon as they are chosen; the button is for pages without scripts.

/** Send the form when one of its choices changes. */
export function enhanceLook(root) {
  for (const form of root.querySelectorAll('[data-look]')) {
    form.querySelector('button').classList.add('unseen')
    form.addEventListener('change', () => form.requestSubmit())
  }
}
