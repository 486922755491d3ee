// The composer: two drafts that never mix, kept in this browser until the server has taken them.
// A draft is forgotten only when a page comes back from the server without it: the form is then empty and the
// message is in the thread, so what was sent is told apart from what failed by data-draft-sent.
import { phrase, timeNow } from "./phrases.js";

const PREFIX = "ec-draft:";
const SENT = "ec-sent:";

const keyOf = (form) => `${PREFIX}${form.closest("[data-composer]").dataset.composer}:${form.dataset.draft}`;

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
  for (const form of composer.querySelectorAll("[data-draft]")) form.hidden = form.dataset.draft !== pane;
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

function restore(form) {
  const area = form.querySelector("textarea");
  const key = keyOf(form);
  const sent = read(SENT + key);
  // The server gives the text back when it refused it; an empty form after sending means it was taken.
  if (sent !== null && !area.value && !form.querySelector("[role=alert]")) {
    if (read(key) === sent) write(key, "");
  }
  write(SENT + key, "");
  const kept = read(key);
  if (kept && !area.value) {
    area.value = kept;
    say(form.closest("[data-composer]"), phrase("restored"));
  }
  grow(area);
}

function prepare(composer) {
  if (composer.dataset.ready) return;
  composer.dataset.ready = "yes";
  for (const form of composer.querySelectorAll("[data-draft]")) {
    form.setAttribute("role", "tabpanel");
    form.setAttribute("aria-labelledby", `tab-${form.dataset.draft}`);
    restore(form);
  }
  composer.querySelector("[role=tablist]").hidden = false;
  const refused = composer.querySelector("[data-draft]:has([role=alert])");
  const first = composer.querySelector("[data-pane]");
  show(composer, refused?.dataset.draft ?? first.dataset.pane, { focus: Boolean(refused) });
}

function onInput(event) {
  const form = event.target.closest?.("[data-draft]");
  if (!form || event.target.tagName !== "TEXTAREA") return;
  grow(event.target);
  if (write(keyOf(form), event.target.value)) {
    const text = event.target.value ? phrase("saved", { time: timeNow() }) : "";
    say(form.closest("[data-composer]"), text);
  }
}

function onSubmit(event) {
  const form = event.target.closest?.("[data-draft]");
  if (form) write(SENT + keyOf(form), form.querySelector("textarea").value);
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
  document.addEventListener("submit", onSubmit);
  document.addEventListener("keydown", onTabKey);
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-composer] [data-pane]");
    if (tab) show(tab.closest("[data-composer]"), tab.dataset.pane);
  });
}
