// A board to look at closely: OpenSeadragon with buttons of our own, a sentence of what is shown, and nothing that moves by itself
// where the reader wants it still.
import OpenSeadragon from "openseadragon";

const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const viewers = new WeakMap();

/** The parts of the board as the page draws them, in units of a picture one wide. */
function parts() {
  return [...document.querySelectorAll(".reg")].map((region) => {
    const spot = region.querySelector(".spot");
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(spot.getAttribute(name)) / 1000);
    const name = (region.getAttribute("aria-label") || "").replace(/^[^:]*: /, "");
    return { id: region.id, name, bounds: new OpenSeadragon.Rect(x, y, width, height) };
  });
}

/** The part that stands nearest to the middle of what is shown. */
function nearest(listed, view) {
  const middle = view.getCenter();
  const away = ({ bounds }) => {
    const dx = Math.max(bounds.x - middle.x, 0, middle.x - bounds.x - bounds.width);
    const dy = Math.max(bounds.y - middle.y, 0, middle.y - bounds.y - bounds.height);
    return dx * dx + dy * dy;
  };
  return [...listed].sort((one, two) => away(one) - away(two))[0];
}

function say(room, viewer, listed) {
  const zoom = viewer.viewport.getZoom(false) / viewer.viewport.getHomeZoom();
  const close = zoom > 1.05 && nearest(listed, viewer.viewport.getBounds(false));
  const said = room.dataset.live.replace("{z}", `${Math.round(zoom * 100)} %`).replace("{t}", close ? close.name : room.dataset.whole);
  room.querySelector("[data-said]").textContent = said;
}

/** The library would write a style sheet into the page, which the policy of this site forbids; it asks first whether it is there. */
function noStyle() {
  const held = document.createElementNS("urn:showground", "style");
  held.setAttribute("data-openseadragon-mobile-css", "");
  document.head.append(held);
}

/** What the picture is, with its tiles at the address where this page found it, whatever name the site has elsewhere. A page on a stick
 *  may fetch nothing, so it brings along what the picture is. */
async function source(room, tiles) {
  const told = room.dataset.info ? JSON.parse(room.dataset.info) : await (await fetch(tiles)).json();
  return { ...told, id: new URL(tiles, location.href).href.replace(/\/info\.json$/, "") };
}

function open(room, told) {
  noStyle();
  const stage = room.querySelector("#zoom-stage");
  const now = still.matches;
  const viewer = OpenSeadragon({
    element: stage,
    tileSources: told,
    drawer: "canvas",
    showNavigationControl: false,
    animationTime: now ? 0 : 0.4,
    springStiffness: 8,
    immediateRender: true,
    blendTime: 0,
    visibilityRatio: 0.6,
    minZoomImageRatio: 0.9,
    maxZoomPixelRatio: 2,
    tabIndex: -1,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    gestureSettingsTouch: { flickEnabled: !now },
  });
  const listed = parts();
  let waiting = 0;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(() => say(room, viewer, listed), 250); };
  viewer.addHandler("open", () => {
    const asked = listed.find(({ id }) => `#${id}` === location.hash);
    if (asked) viewer.viewport.fitBoundsWithConstraints(asked.bounds, true);
    say(room, viewer, listed);
  });
  viewer.addHandler("viewport-change", soon);
  viewer.addHandler("open-failed", () => { room.querySelector("[data-said]").textContent = room.dataset.away; });
  const act = {
    in: () => viewer.viewport.zoomBy(1.6),
    out: () => viewer.viewport.zoomBy(1 / 1.6),
    home: () => viewer.viewport.goHome(now),
  };
  const pan = (x, y) => viewer.viewport.panBy(viewer.viewport.deltaPointsFromPixels(new OpenSeadragon.Point(x, y)));
  const keys = {
    "+": act.in, "=": act.in, "-": act.out, 0: act.home,
    ArrowLeft: () => pan(-80, 0), ArrowRight: () => pan(80, 0), ArrowUp: () => pan(0, -80), ArrowDown: () => pan(0, 80),
  };
  room.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-do]");
    if (!asked || !act[asked.dataset.do]) return;
    act[asked.dataset.do]();
    viewer.viewport.applyConstraints();
    soon();
  });
  room.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
    viewer.viewport.applyConstraints();
    soon();
  });
  return viewer;
}

window.showgroundZoom = (room, tiles) => {
  if (viewers.has(room)) return;
  viewers.set(room, null);
  const away = () => { viewers.delete(room); room.querySelector("[data-said]").textContent = room.dataset.away; };
  source(room, tiles).then((told) => viewers.set(room, open(room, told)), away);
};
