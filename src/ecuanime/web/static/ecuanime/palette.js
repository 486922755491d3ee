// Ctrl K: one box that finds what can be done on this page, sections, lists, tickets and clients. The page's own
// commands are read from what it marks for the keyboard; tickets, clients and views come from the server.
import { phrase } from "./phrases.js";
import { use } from "./small.js";

const WAIT = 150;
const MOST = 8;

const dialog = document.getElementById("ec-palette");
const box = dialog?.querySelector("input");
const results = dialog?.querySelector("[role=listbox]");
let timer = 0;
let asked = 0;

export const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function labelOf(node) {
  const label = node.getAttribute("aria-label") ?? [...(node.labels ?? [])].map((each) => each.textContent).join(" ");
  const copy = node.cloneNode(true);
  for (const extra of copy.querySelectorAll("kbd, svg, .ec-pip, .c")) extra.remove();
  return (label || copy.textContent).replace(/\s+/g, " ").trim();
}

function commands() {
  const nodes = [...document.querySelectorAll("[data-key], [data-go], .ec-views a, [data-dialog]")];
  const seen = new Set();
  return nodes
    .filter((node) => !node.disabled && !dialog.contains(node))
    .map((node) => ({ node, label: labelOf(node), key: node.dataset.key ?? (node.dataset.go ? `G ${node.dataset.go}` : "") }))
    .filter(({ label }) => label && !seen.has(label) && seen.add(label));
}

function option(label, key, act) {
  const line = document.createElement("a");
  line.setAttribute("role", "option");
  line.tabIndex = -1;
  line.textContent = label;
  if (key) {
    const hint = document.createElement("kbd");
    hint.textContent = key.toUpperCase();
    line.append(hint);
  }
  line.addEventListener("click", act);
  return line;
}

function activate(node) {
  dialog.close();
  use(node);
}

function own(words) {
  const fits = commands().filter(({ label }) => words.every((word) => plain(label).includes(word)));
  return fits.slice(0, MOST).map(({ node, label, key }) => option(label, key, () => activate(node)));
}

function mark(index) {
  const lines = [...results.querySelectorAll("[role=option]")];
  lines.forEach((line, at) => {
    line.id ||= `ec-option-${at}-${asked}`;
    line.setAttribute("aria-selected", String(at === index));
  });
  if (lines[index]) {
    box.setAttribute("aria-activedescendant", lines[index].id);
    lines[index].scrollIntoView({ block: "nearest" });
  } else {
    box.removeAttribute("aria-activedescendant");
  }
}

const chosen = () => [...results.querySelectorAll("[role=option]")].findIndex((line) => line.getAttribute("aria-selected") === "true");

async function fetched(text, turn) {
  try {
    const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(text)}`);
    if (!answer.ok || turn !== asked) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    results.append(...found.querySelectorAll("[role=option]"));
    say();
  } catch {
    // Without a connection the page's own commands still work.
  }
}

function say() {
  const count = results.querySelectorAll("[role=option]").length;
  dialog.querySelector("[role=status]").textContent = count ? "" : phrase("nothing");
  if (chosen() < 0) mark(0);
}

function look() {
  const text = box.value.trim();
  const turn = (asked += 1);
  results.replaceChildren(...own(plain(text).split(/\s+/).filter(Boolean)));
  mark(0);
  clearTimeout(timer);
  if (text.length > 1 || /^#?\d+$/.test(text)) timer = setTimeout(() => fetched(text, turn), WAIT);
  else say();
}

function onKey(event) {
  const lines = results.querySelectorAll("[role=option]");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && lines.length) {
    event.preventDefault();
    mark((chosen() + step + lines.length) % lines.length);
  } else if (event.key === "Enter") {
    event.preventDefault();
    lines[Math.max(0, chosen())]?.click();
  }
}

export function openPalette() {
  if (!dialog || dialog.open) return Boolean(dialog);
  dialog.showModal();
  box.value = "";
  look();
  box.focus();
  return true;
}

export function startPalette() {
  if (!dialog) return;
  box.addEventListener("input", look);
  box.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => event.target.closest("[data-palette]") && openPalette());
}
