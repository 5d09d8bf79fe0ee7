// The setup page's script: the secret stands behind the #, which no server and no proxy gets to see.
const field = document.getElementById('slip')
const slip = new URLSearchParams(location.hash.slice(1)).get('t')
if (slip && field instanceof HTMLInputElement) field.value = slip
