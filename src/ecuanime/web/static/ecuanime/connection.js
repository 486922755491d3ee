// Says what is stale: when the connection is lost or the server fails, the page keeps what it shows and says since when.
import { phrase, timeNow, toast } from "./phrases.js";

const LONG = 8000;
let lostAt = "";

function mark() {
  const chip = document.getElementById("ec-live");
  if (!chip) return;
  chip.hidden = !lostAt;
  chip.querySelector("[data-live-text]").textContent = lostAt ? phrase("offline", { time: lostAt }) : "";
}

function lost() {
  if (lostAt) return;
  lostAt = timeNow();
  mark();
}

function back() {
  if (!lostAt) return;
  lostAt = "";
  mark();
  toast(phrase("online"));
  for (const waiting of document.querySelectorAll("[aria-busy][hx-get]")) waiting.dispatchEvent(new Event("retry"));
}

// Where a part was to come and did not: words and a button in place of the drawing that waits.
function notCome(place, words = phrase("notCome")) {
  const drawing = place?.matches?.("[aria-busy=true][hx-get]") && place.querySelector("[aria-hidden=true]");
  if (!drawing) return;
  place.setAttribute("aria-busy", "false");
  const box = document.createElement("div");
  box.className = "ec-row wrap";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = phrase("again");
  box.append(words, button);
  drawing.hidden = true;
  drawing.after(box);
  button.addEventListener("click", () => {
    box.remove();
    drawing.hidden = false;
    place.setAttribute("aria-busy", "true");
    place.dispatchEvent(new Event("retry"));
  });
}

const ANSWERS = { 401: "signedOut", 403: "forbidden", 404: "gone", 410: "gone", 413: "tooBig", 429: "tooMany" };

function refused(status, method) {
  if (status >= 500) toast(phrase(method.toUpperCase() === "GET" ? "notFetched" : "failed"), { stay: true });
  else if (ANSWERS[status]) toast(phrase(ANSWERS[status]), { stay: true });
}

// A part may also have failed before this script was there, or simply take long.
function saySlow() {
  for (const place of document.querySelectorAll("[aria-busy=true][hx-get]")) notCome(place, phrase("slow"));
}

export { back as connectionBack, lost as connectionLost };

export function startConnection() {
  window.addEventListener("offline", lost);
  window.addEventListener("online", back);
  document.addEventListener("htmx:response:error", (event) => {
    refused(event.detail.ctx.response.raw.status, event.detail.ctx.request.method);
    notCome(event.detail.ctx.sourceElement);
  });
  // htmx:error without a response is the network; with one it is a page that could not be put in place.
  document.addEventListener("htmx:error", (event) => {
    if (!event.detail.ctx || event.detail.ctx.response) return;
    lost();
    notCome(event.detail.ctx.sourceElement);
  });
  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx?.response) back();
  });
  setTimeout(saySlow, LONG);
  if (navigator.onLine === false) lost();
}
