// The one script. Everything works without it; with it pages stay current, keys work and the theme can be chosen.
"use strict";
(() => {
  const root = document.documentElement;
  const policy = window.trustedTypes
    ? window.trustedTypes.createPolicy("seawall", { createHTML: (text) => text })
    : { createHTML: (text) => text };
  const $ = (query, from = document) => from.querySelector(query);
  const $$ = (query, from = document) => Array.from(from.querySelectorAll(query));

  // Theme: a cookie of this origin, so that the server writes it into the page and nothing flashes.
  const themes = ["", "dark", "light"];
  const names = { "": "as the system", dark: "dark", light: "light" };
  $$("[data-theme-choice]").forEach((button) => {
    button.hidden = false;
    const told = () => { button.textContent = "Theme: " + names[root.dataset.theme || ""]; };
    told();
    button.addEventListener("click", () => {
      const next = themes[(themes.indexOf(root.dataset.theme || "") + 1) % themes.length];
      if (next) root.dataset.theme = next; else delete root.dataset.theme;
      const secure = location.protocol === "https:" ? "; Secure" : "";
      document.cookie = "theme=" + next + "; Path=/; Max-Age=31536000; SameSite=Strict" + secure;
      told();
    });
  });

  // Live: the server says what changed; parts marked data-live are taken from a fresh copy of this page, read without
  // running anything in it. What somebody is typing in is left alone.
  const busy = (part) => part.contains(document.activeElement) && $("input, textarea, select", part) !== null
    && document.activeElement.matches("input, textarea, select");
  let asked = 0;
  const refresh = async () => {
    const mine = ++asked;
    let answer;
    try {
      answer = await fetch(location.href, { headers: { "X-Seawall-Live": "1" }, credentials: "same-origin" });
    } catch { return; }
    if (mine !== asked) return;
    if (answer.redirected && new URL(answer.url).pathname.startsWith("/login")) { say("Your session is over: log in again.", true); return; }
    if (!answer.ok) { say("This page is not what it was: load it again.", true); return; }
    const fresh = new DOMParser().parseFromString(policy.createHTML(await answer.text()), "text/html");
    for (const part of $$("[data-live]")) {
      const next = fresh.getElementById(part.id);
      if (!next || busy(part) || next.isEqualNode(part)) continue;
      const known = new Set($$("[data-key]", part).map((row) => row.dataset.key));
      part.replaceChildren(...Array.from(next.childNodes).map((node) => document.importNode(node, true)));
      $$("[data-key]", part).forEach((row) => { if (!known.has(row.dataset.key)) row.classList.add("new"); });
      part.dataset.at = String(Date.now());
    }
    document.title = fresh.title;
  };
  const say = (text, bad) => {
    const place = $("#live-told");
    if (!place) return;
    place.textContent = text;
    place.className = "told" + (bad ? " bad" : "");
    place.hidden = !text;
  };
  if ($("[data-live]") && window.EventSource) {
    const topics = new Set(($("main").dataset.topics || "").split(" ").filter(Boolean));
    let waiting = 0;
    const soon = () => { clearTimeout(waiting); waiting = setTimeout(refresh, 60); };
    const source = new EventSource("/live");
    source.addEventListener("changed", (event) => {
      const what = event.data.split(" ");
      if (!topics.size || what.some((word) => topics.has(word))) soon();
    });
    source.addEventListener("over", () => { source.close(); say("Your session is over: log in again.", true); });
    let lost = false;
    source.addEventListener("error", () => { lost = true; root.dataset.live = "lost"; });
    source.addEventListener("open", () => { root.dataset.live = "on"; if (lost) { lost = false; soon(); } });
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  // Keys: g and a letter go to a page, j and k walk a table, Enter opens, / searches, ? tells.
  const places = Object.fromEntries($$(".side a[data-key-to]").map((a) => [a.dataset.keyTo, a.href]));
  let going = false;
  const rows = () => $$("main table[data-walk] tbody tr");
  const walk = (step) => {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const next = Math.max(0, Math.min(all.length - 1, now < 0 ? 0 : now + step));
    all.forEach((row) => row.removeAttribute("aria-selected"));
    all[next].setAttribute("aria-selected", "true");
    all[next].scrollIntoView({ block: "nearest" });
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest("input, textarea, select, [contenteditable]");
    if (field) {
      if (event.key === "Escape") field.blur();
      return;
    }
    if (going) {
      going = false;
      if (places[event.key]) { event.preventDefault(); location.href = places[event.key]; }
      return;
    }
    if (event.key === "g") { going = true; setTimeout(() => { going = false; }, 1500); }
    else if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (event.key === "Enter") $("tr[aria-selected='true'] a.main")?.click();
    else if (event.key === "/") { const box = $("main input[type=search], main textarea"); if (box) { event.preventDefault(); box.focus(); } }
    else if (event.key === "?") $("#keys")?.showModal();
  });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.matches("textarea")) event.target.form?.requestSubmit();
  });

  // A form is sent once; the mark in it makes a second sending harmless, this spares the wait.
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => $$("button", form).forEach((button) => { button.disabled = true; }), 0);
  });
})();
