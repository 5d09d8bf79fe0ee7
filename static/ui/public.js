// Makes the public pages nicer; every one of them works without it.
import { enhanceCalendar } from './calendar.js'
import { enhancePictures } from './lightbox.js'
import { enhanceLook } from './look.js'
import { enhanceMap } from './map.js'
import { enhanceSeek } from './seek.js'

enhanceLook(document)
enhanceSeek(document)
enhanceMap(document)
enhanceCalendar(document)
enhancePictures(document)
if (document.querySelector('[data-request]')) import('./ask.js').then(({ enhanceAsking }) => enhanceAsking(document))
