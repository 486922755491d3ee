// Single keys, while no field has the focus; each person can turn them off (body[data-keys=off], WCAG 2.1.4).
// A key acts on what the page marks: data-key="a" is clicked or focused, data-row are the rows of a list,
// data-go="b" the sections of the rail. Nothing here knows a screen by its name.
import { show } from "./composer.js";
import { openPalette } from "./palette.js";
import { use } from "./small.js";

const FIELD = "input, textarea, select, [contenteditable]";
let waitingForSection = 0;

const visible = (node) => Boolean(node && node.getClientRects().length && !node.disabled);
// What can be seen goes first; else what waits in a menu, since "solve" is worth a key of its own.
const inMenu = (node) => Boolean(node.closest("details[data-menu]") && !node.disabled);

function marked(key) {
  const found = [...document.querySelectorAll(`[data-key="${key}"]`)];
  return found.find(visible) ?? found.find(inMenu);
}

function rows() {
  return [...document.querySelectorAll("[data-row]")].filter(visible);
}

function currentRow(list) {
  const focused = document.activeElement?.closest?.("[data-row]");
  return focused ?? list.find((row) => row.classList.contains("cur")) ?? null;
}

function move(step) {
  const list = rows();
  if (!list.length) {
    const link = marked(step > 0 ? "j" : "k");
    if (link) link.click();
    return Boolean(link);
  }
  const at = list.indexOf(currentRow(list));
  const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : Math.max(0, Math.min(list.length - 1, at + step))];
  for (const row of list) row.classList.toggle("cur", row === next);
  const link = next.querySelector("[data-open]") ?? next.querySelector("a");
  link?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function openRow() {
  if (document.activeElement && document.activeElement !== document.body) return false;
  const row = currentRow(rows());
  const link = row?.querySelector("[data-open]") ?? row?.querySelector("a");
  link?.click();
  return Boolean(link);
}

function act(key) {
  const pane = { r: "reply", n: "note" }[key];
  const composer = pane && document.querySelector(`[data-composer]:has([data-draft="${pane}"])`);
  if (composer) {
    show(composer, pane);
    composer.scrollIntoView({ block: "nearest" });
    return true;
  }
  const target = marked(key);
  if (!target) return false;
  use(target);
  return true;
}

function escape() {
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
    return true;
  }
  if (document.activeElement?.matches?.(FIELD)) {
    document.activeElement.blur();
    return true;
  }
  const back = document.querySelector("[data-back]");
  back?.click();
  return Boolean(back);
}

function goTo(key) {
  waitingForSection = 0;
  const link = [...document.querySelectorAll(`[data-go="${key}"]`)].find(visible) ?? document.querySelector(`[data-go="${key}"]`);
  link?.click();
  return Boolean(link);
}

function single(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (Date.now() - waitingForSection < 1500) return goTo(key);
  if (key === "g") {
    waitingForSection = Date.now();
    return true;
  }
  if (key === "j" || key === "ArrowDown") return move(1);
  if (key === "k" || key === "ArrowUp") return move(-1);
  if (key === "Enter") return openRow();
  if (key === "x") return select(event.shiftKey);
  if (key === "?") return openHelp();
  if (key === "/") return focusSearch();
  return /^[a-z[\]]$/.test(key) ? act(key) || actOnceThere(key) : false;
}

// A key whose button stands in a part of the page that is still on its way acts once that has come.
function actOnceThere(key) {
  const isWaiting = () => document.querySelector("[aria-busy=true][hx-get]") !== null;
  if (!isWaiting()) return false;
  const until = Date.now() + 3000;
  const come = () => {
    if (Date.now() > until || act(key) || !isWaiting()) document.removeEventListener("htmx:after:swap", come);
  };
  document.addEventListener("htmx:after:swap", come);
  return true;
}

let chosenLast = null;

// X chooses the current row or lets it go; with Shift all rows from the one chosen last up to this one.
function select(toHere) {
  const list = rows();
  const row = currentRow(list);
  const box = row?.querySelector("[data-select]");
  if (!box) return false;
  const from = list.indexOf(chosenLast);
  const at = list.indexOf(row);
  if (toHere && from >= 0) {
    for (const each of list.slice(Math.min(from, at), Math.max(from, at) + 1)) each.querySelector("[data-select]").checked = true;
  } else {
    box.checked = !box.checked;
  }
  chosenLast = row;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

// "/" at the start of an empty text opens the macros, as in a chat.
function openMacros(event) {
  if (event.key !== "/" || !event.target.matches?.("[data-draft] textarea") || event.target.value) return false;
  return act("m");
}

function openHelp() {
  const help = document.getElementById("ec-keys");
  help?.showModal();
  return Boolean(help);
}

function focusSearch() {
  const search = [...document.querySelectorAll("[data-search]")].find(visible);
  search?.focus();
  search?.select();
  return Boolean(search);
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing) return;
  const form = event.target.closest?.("form");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches?.("textarea") && form) {
    const wait = event.shiftKey && form.querySelector('button[name="then"][value="wait"]');
    form.requestSubmit(wait || form.querySelector('button[type="submit"]') || undefined);
    event.preventDefault();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    if (openPalette() || focusSearch()) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (escape()) event.preventDefault();
    return;
  }
  if (openMacros(event)) {
    event.preventDefault();
    return;
  }
  if (document.body.dataset.keys === "off" || event.target.closest?.(FIELD)) return;
  // An arrow scrolls the page unless there is a list to walk; J and K always mean the list.
  if (event.key.startsWith("Arrow") && !rows().length) return;
  if (single(event)) event.preventDefault();
}

export function startKeys() {
  document.addEventListener("keydown", onKey);
}
