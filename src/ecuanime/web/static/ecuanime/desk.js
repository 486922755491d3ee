// What the inbox and the ticket add: a click chooses a row and shows it beside the list, a second one opens it; and
// what is being written is kept on the server every few seconds.
import { startLive } from "./live.js";

const EVERY = 3000;

const peek = () => {
  const panel = document.getElementById("peek");
  return panel && panel.getClientRects().length ? panel : null;
};

function choose(row) {
  for (const other of document.querySelectorAll("[data-row].cur")) other.classList.toggle("cur", other === row);
  row.classList.add("cur");
  if (peek()) row.dispatchEvent(new CustomEvent("peek"));
}

let chosenBefore = null;

function startPeek() {
  // Where the mouse went down tells whether the row was already chosen: focusing its link chooses it too.
  document.addEventListener("pointerdown", (event) => {
    const row = event.target.closest?.("[data-row]");
    chosenBefore = row?.classList.contains("cur") ? row : null;
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (row && !row.classList.contains("shown")) show(row);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-row] [data-open]");
    const plain = event.detail === 1 && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (!link || !plain || !peek()) return;
    const row = link.closest("[data-row]");
    if (row === chosenBefore) return;
    event.preventDefault();
    if (!row.classList.contains("shown")) show(row);
  });
  document.addEventListener("keydown", (event) => {
    const row = document.activeElement?.closest?.("[data-row]");
    if (event.key !== " " || !row || event.target.matches("input, textarea, select, button")) return;
    event.preventDefault();
    show(row);
  });
}

function show(row) {
  for (const other of document.querySelectorAll("[data-row].shown")) other.classList.remove("shown");
  row.classList.add("shown");
  choose(row);
}

const waiting = new Map();
const kept = new WeakMap();
const unkept = new Set(); // what the server could not be given

async function keep(pane, area, url, leaving = false) {
  clearTimeout(waiting.get(pane));
  waiting.delete(pane);
  if (kept.get(pane) === area.value) return;
  const text = area.value;
  const token = pane.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  try {
    const answer = await fetch(url, {
      method: "POST",
      keepalive: leaving,
      headers: { "X-CSRFToken": token },
      body: new URLSearchParams({ kind: pane.dataset.draft, body: text }),
    });
    if (answer.ok) kept.set(pane, text);
    unkept.delete(pane);
    if (!answer.ok) unkept.add(pane);
  } catch {
    unkept.add(pane);
    // Without a connection the browser's own copy stays; the next letter tries again.
  }
}

function startDrafts() {
  document.addEventListener("input", (event) => {
    const pane = event.target.closest?.("[data-draft]");
    const url = pane?.closest("[data-draft-url]")?.dataset.draftUrl;
    if (!url || event.target.tagName !== "TEXTAREA" || waiting.has(pane)) return;
    const area = event.target;
    waiting.set(pane, setTimeout(() => keep(pane, area, url), EVERY));
  });
  // What is sent now must not come back as a draft a moment later.
  document.addEventListener("submit", (event) => {
    const pane = event.target.closest?.("[data-draft]");
    clearTimeout(waiting.get(pane));
    waiting.delete(pane);
  });
}

// Whoever leaves while they write loses nothing: the last letters go along. Only text that the server has refused, or
// that cannot reach it, holds them back.
function startLeaving() {
  window.addEventListener("pagehide", () => {
    for (const pane of [...waiting.keys()]) {
      keep(pane, pane.querySelector("textarea"), pane.closest("[data-draft-url]").dataset.draftUrl, true);
    }
  });
  window.addEventListener("beforeunload", (event) => {
    const lost = [...unkept].some((pane) => pane.isConnected && pane.querySelector("textarea").value.trim());
    if (lost) event.preventDefault();
  });
  document.addEventListener("submit", (event) => unkept.delete(event.target.closest?.("[data-draft]")));
}

// "Reply" beside the list leads here with the place to write in its address.
function startWriting() {
  if (location.hash === "#body-reply") document.getElementById("body-reply")?.focus();
}

// Panels may come after the page: an address that names one of them leads there once it has come.
function startComing() {
  let named = location.hash.slice(1);
  if (!named || document.getElementById(named)) return;
  document.addEventListener("htmx:after:swap", () => {
    const come = named && document.getElementById(named);
    if (!come) return;
    named = "";
    come.scrollIntoView({ block: "nearest" });
  });
}

startLive();
startPeek();
startDrafts();
startLeaving();
startWriting();
startComing();
