// The door to the vendored library that draws the live parts of pages: components by Preact, written as htm.
export { html, render, useEffect, useLayoutEffect, useRef, useState } from '../vendor/preact.js'
