// Small help for pages that work without it: menus, dialogs, copying, blocked images, passing messages.
import { phrase, toast } from "./phrases.js";

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

// What a key or a command of the palette means: a field is gone to, the rest is clicked. In what opens by that, the
// first thing that can be chosen or filled in has the focus: whoever has no mouse goes on from there.
export function use(target) {
  if (target.matches("input, select, textarea")) target.focus();
  else target.click();
  if (!target.matches("summary") || !target.parentElement.open) return;
  const inside = ":scope > :not(summary) :is(a, button, select, textarea, input:not([type=hidden]))";
  target.parentElement.querySelector(inside)?.focus();
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copyFrom);
  const text = button.dataset.copy ?? source?.value ?? source?.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text.trim());
    toast(phrase("copied"));
  } catch {
    toast(phrase("copyFailed"), { stay: true });
  }
}

// Remote images wait in data-remote-src until the reader asks; the address shows whom that tells.
function showImages(button) {
  const message = button.closest("[data-message]") ?? document;
  for (const image of message.querySelectorAll("img[data-remote-src]")) {
    image.src = image.dataset.remoteSrc;
    image.removeAttribute("data-remote-src");
  }
  button.closest("[data-blocked]")?.remove();
}

function openDialog(link, event) {
  const dialog = document.getElementById(link.dataset.dialog);
  if (!dialog?.showModal) return;
  event.preventDefault();
  closeMenus();
  dialog.showModal();
}

function reveal(root = document) {
  for (const node of root.querySelectorAll("[data-close-toast][hidden], button[data-dialog][hidden], button[data-copy][hidden], button[data-copy-from][hidden]")) {
    node.hidden = false;
  }
  for (const box of root.querySelectorAll('[data-toast=""]:not([data-timed])')) {
    box.dataset.timed = "yes";
    setTimeout(() => box.matches(":hover, :focus-within") || box.remove(), box.querySelector("form") ? 15000 : 8000);
  }
  root.querySelector("[data-focus]")?.focus();
}

// Where there is no room for all tabs of a page, the one that is open is in sight.
function showOpenTab() {
  for (const bar of document.querySelectorAll(".nav-ec")) {
    const tab = bar.querySelector("[aria-current]");
    if (tab) bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
  }
}

export function startSmall() {
  showOpenTab();
  reveal();
  document.addEventListener("htmx:after:swap", () => reveal());
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-menu]"));
    const link = event.target.closest("[data-dialog], [data-close-dialog], [data-close-toast], [data-show-images], [data-copy], [data-copy-from]");
    if (!link) return;
    if (link.dataset.dialog) openDialog(link, event);
    else if ("closeToast" in link.dataset) link.closest(".ec-toast").remove();
    else if ("showImages" in link.dataset) showImages(link);
    else if ("copy" in link.dataset || "copyFrom" in link.dataset) copy(link);
    else if ("closeDialog" in link.dataset && link.closest("dialog")) {
      event.preventDefault();
      link.closest("dialog").close();
    }
  });
  // A file field whose own words are hidden has an output that names what was chosen. It may also say how many bytes it
  // takes; saying so here spares a long wait for a refusal.
  document.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    const names = document.querySelector(`output[for="${event.target.id}"]`);
    if (names) names.textContent = [...event.target.files].map((file) => file.name).join(", ");
    const limit = Number(event.target.dataset.limit);
    if (!limit) return;
    const total = [...event.target.files].reduce((sum, file) => sum + file.size, 0);
    event.target.setCustomValidity(total > limit ? phrase("tooBig") : "");
    event.target.reportValidity();
  });
}
