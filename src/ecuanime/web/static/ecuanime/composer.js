// The composer: two drafts that never mix, kept in this browser until the server has taken them: data-said is the last
// text of that kind that it has from this person, and data-said-as that message. Anything else (no network, an error
// page, a session that ended) leaves the draft where it was.
import { phrase, timeNow } from "./phrases.js";

const PREFIX = "ec-draft:";
const AFTER = "ec-after:"; // the message that was the last one while the draft was written

const keyOf = (pane) => `${PREFIX}${pane.closest("[data-composer]").dataset.composer}:${pane.dataset.draft}`;

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, text) {
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

function say(composer, text) {
  const place = composer.querySelector("[data-saved]");
  if (place) place.textContent = text;
}

export function show(composer, pane, { focus = true } = {}) {
  for (const draft of composer.querySelectorAll("[data-draft]")) draft.hidden = draft.dataset.draft !== pane;
  for (const tab of composer.querySelectorAll("[data-pane]")) {
    const chosen = tab.dataset.pane === pane;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
  const area = composer.querySelector(`[data-draft="${pane}"] textarea`);
  if (focus) area?.focus();
}

function grow(area) {
  const lines = Math.min(18, Math.max(4, area.value.split("\n").length + 1));
  if (area.rows !== lines) area.rows = lines;
}

// What was sent is forgotten, unless it has been written on in another tab since.
function forgetTaken(pane) {
  const key = keyOf(pane);
  const isTaken = read(key)?.trim() === pane.dataset.said && (read(AFTER + key) ?? "") !== pane.dataset.saidAs;
  if (isTaken) write(key, "");
}

function restore(pane) {
  forgetTaken(pane);
  const area = pane.querySelector("textarea");
  const key = keyOf(pane);
  const kept = read(key);
  if (kept && !area.value) {
    area.value = kept;
    say(pane.closest("[data-composer]"), phrase("restored"));
  }
  grow(area);
}

function prepare(composer) {
  if (composer.dataset.ready) return;
  composer.dataset.ready = "yes";
  for (const pane of composer.querySelectorAll("[data-draft]")) {
    pane.setAttribute("role", "tabpanel");
    pane.setAttribute("aria-labelledby", `tab-${pane.dataset.draft}`);
    restore(pane);
  }
  composer.querySelector(".tabs").hidden = false;
  const refused = composer.querySelector("[data-draft]:has([role=alert])");
  const first = composer.querySelector("[data-pane]");
  show(composer, refused?.dataset.draft ?? first.dataset.pane, { focus: Boolean(refused) });
}

function onInput(event) {
  const pane = event.target.closest?.("[data-draft]");
  if (!pane || event.target.tagName !== "TEXTAREA") return;
  grow(event.target);
  write(AFTER + keyOf(pane), event.target.value && pane.dataset.saidAs);
  if (write(keyOf(pane), event.target.value)) {
    const text = event.target.value ? phrase("saved", { time: timeNow() }) : "";
    say(pane.closest("[data-composer]"), text);
  }
}

function onTabKey(event) {
  const tab = event.target.closest?.("[data-composer] [role=tab]");
  if (!tab || !["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
  const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const next = step ? tabs.at((tabs.indexOf(tab) + step) % tabs.length) : event.key === "Home" ? tabs[0] : tabs.at(-1);
  event.preventDefault();
  show(tab.closest("[data-composer]"), next.dataset.pane, { focus: false });
  next.focus();
}

export function startComposer() {
  const prepareAll = () => document.querySelectorAll("[data-composer]").forEach(prepare);
  prepareAll();
  document.addEventListener("htmx:after:swap", prepareAll);
  document.addEventListener("input", onInput);
  document.addEventListener("keydown", onTabKey);
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-composer] [data-pane]");
    if (tab) show(tab.closest("[data-composer]"), tab.dataset.pane);
  });
}
