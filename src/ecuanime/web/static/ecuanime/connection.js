// Says what is stale: when the connection is lost or the server fails, the page keeps what it shows and says since when.
import { phrase, timeNow, toast } from "./phrases.js";

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
}

const ANSWERS = { 401: "signedOut", 403: "forbidden", 404: "gone", 410: "gone", 413: "tooBig", 429: "tooMany" };

function refused(status) {
  if (status >= 500) toast(phrase("failed"), { stay: true });
  else if (ANSWERS[status]) toast(phrase(ANSWERS[status]), { stay: true });
}

export { back as connectionBack, lost as connectionLost };

export function startConnection() {
  window.addEventListener("offline", lost);
  window.addEventListener("online", back);
  document.addEventListener("htmx:response:error", (event) => refused(event.detail.ctx.response.raw.status));
  // htmx:error without a response is the network; with one it is a page that could not be put in place.
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx && !event.detail.ctx.response) lost();
  });
  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx?.response) back();
  });
  if (navigator.onLine === false) lost();
}
