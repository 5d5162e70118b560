/* Small comforts on top of pages that work without them. */
(() => {
  "use strict";

  const announcer = document.getElementById("announcer");
  const sheet = document.getElementById("side-sheet");
  const panel = document.getElementById("panel");

  const announce = (text) => {
    if (!announcer || !text) return;
    announcer.textContent = ""; // the same words twice are said twice
    window.setTimeout(() => { announcer.textContent = text; }, 50);
  };

  /* What a fragment brings: words to read out, a problem to go to. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.target; // after an outer swap the new element, not the one that is gone
    const spoken = target.matches("[data-announce]") ? target : target.querySelector("[data-announce]");
    if (spoken) announce(spoken.textContent.trim());
    const status = event.detail.xhr ? event.detail.xhr.status : 200;
    if (status === 422 || status === 409 || status === 413) {
      const summary = target.querySelector(".error-summary") || document.querySelector(".error-summary");
      if (summary) summary.focus();
    }
  });

  /* A new try clears what was refused before. */
  document.addEventListener("htmx:beforeRequest", () => {
    const refusal = document.getElementById("refusal");
    if (refusal) refusal.replaceChildren();
  });
  document.addEventListener("htmx:responseError", () => announceProblem("failed"));
  document.addEventListener("htmx:sendError", () => announceProblem("offline"));

  const announceProblem = (kind) => {
    const refusal = document.getElementById("refusal");
    if (!refusal || !announcer) return;
    const problem = document.createElement("p");
    problem.className = "message message-error";
    problem.textContent = announcer.dataset[kind];
    refusal.replaceChildren(problem);
  };

  /* Done, and the page stays: if nothing on it listens to what happened, go where a plain form would have gone. */
  document.addEventListener("htmx:afterRequest", (event) => {
    const xhr = event.detail.xhr;
    const header = xhr && xhr.status === 204 ? xhr.getResponseHeader("HX-Trigger") : null;
    if (!header || !header.startsWith("{")) return;
    const heard = ([name]) => document.querySelector(`[hx-trigger*="${CSS.escape(name)}"]`);
    const events = Object.entries(JSON.parse(header));
    const unheard = events.find((entry) => entry[1] && entry[1].to && !heard(entry));
    if (unheard) window.location.assign(unheard[1].to);
  });

  /* The side panel. The browser itself keeps the focus inside, closes it on Escape and gives the focus back. */
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!sheet || event.detail.target !== panel) return;
    const source = event.detail.requestConfig ? event.detail.requestConfig.elt : null;
    const heading = source && source.closest("[data-panel-heading]");
    if (heading) document.getElementById("side-sheet-heading").textContent = heading.dataset.panelHeading;
    if (!sheet.open) sheet.showModal();
    else if (document.activeElement === document.body) panel.focus(); // the link that was pressed is gone
    sheet.scrollTop = 0;
  });
  if (sheet) {
    sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
    sheet.addEventListener("close", () => panel.replaceChildren());
  }

  /* Menus close on Escape and when one goes elsewhere. */
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    });
  });
  const closeOthers = (event) => openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  document.addEventListener("click", closeOthers);
  document.addEventListener("focusin", closeOthers);
})();
