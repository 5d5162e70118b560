/* Comforts of the report's form: live sums, Enter goes down, sending waits for autosave. The form works without. */
(() => {
  "use strict";

  const form = document.getElementById("report-form");
  if (!form) return;

  /* The same numbers as the server reads: digits, commas between thousands, a point. Anything else is no number. */
  const scale = 6;
  const readNumber = (text) => {
    const plain = text.trim().replace(/[\u2212\u2013]/g, "-").replace(/(\d)[ \u00a0\u202f](?=\d{3}(?!\d))/g, "$1");
    const shape = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d*))?$/.exec(plain);
    if (!shape || (!shape[2] && !shape[3]) || (shape[3] || "").length > scale) return null;
    const digits = (shape[2] || "0").replace(/,/g, "") + (shape[3] || "").padEnd(scale, "0");
    return BigInt(digits) * (shape[1] === "-" ? -1n : 1n); // millionths, so that sums are exact
  };
  const writeNumber = (number) => {
    const digits = (number < 0n ? -number : number).toString().padStart(scale + 1, "0");
    const whole = digits.slice(0, -scale).replace(/\B(?=(\d{3})+$)/g, ",");
    const rest = digits.slice(-scale).replace(/0+$/, "");
    return (number < 0n ? "-" : "") + whole + (rest ? "." + rest : "");
  };
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));

  const reasonOf = (id) => document.getElementById(id.replace(/-(amount|base)$/, "-status"))?.value || "";

  // Too small to give: nothing can be reckoned with it here.
  const isWithheld = (id) => /^\s*[<≤]/.test(document.getElementById(id)?.value || "") || reasonOf(id) === "withheld";

  const valueOf = (id) => {
    const input = id ? document.getElementById(id) : null;
    return input && !isWithheld(id) ? readNumber(input.value) : null;
  };

  const isFilled = (id) => valueOf(id) !== null || Boolean(reasonOf(id));

  const grid = document.getElementById("grid");
  const tell = (output) => {
    const ids = output.dataset.parts.split(" ").filter(Boolean);
    const parts = ids.map(valueOf).filter((number) => number !== null);
    const unknown = valueOf(output.dataset.unknown);
    const total = valueOf(output.dataset.total);
    if (unknown !== null) parts.push(unknown);
    if (!parts.length) return "";
    const sum = parts.reduce((one, other) => one + other, 0n);
    const values = { sum: writeNumber(sum) };
    if (total === null) return fill(grid.dataset.alone, values);
    values.total = writeNumber(total);
    if (sum > total) return fill(grid.dataset.over, values);
    const words = fill(grid.dataset.of, values);
    if (!output.dataset.unknown || unknown !== null || !ids.every(isFilled) || ids.some(isWithheld)) return words;
    const rest = { name: output.dataset.unknownName, rest: writeNumber(total - sum) };
    return `${words} ${fill(grid.dataset.rest, rest)}`;
  };

  const sums = [...form.querySelectorAll("[data-sum]")];
  const addUp = (outputs) => outputs.forEach((output) => {
    const words = tell(output);
    if (output.textContent !== words) output.textContent = words;
  });
  form.addEventListener("input", (event) => {
    const row = event.target.closest("tr");
    if (row) addUp([...row.querySelectorAll("[data-sum]")]);
  });
  addUp(sums);

  /* Through the grid by keys: Enter and the arrow goes down and up in a column, left and right from the ends of a field. */
  const fieldsIn = (cell) => [...cell.querySelectorAll("input[data-figure]:not([type=radio]), input[type=radio]:checked, input[type=radio][value=yes]:not(:checked)")];
  const rows = [...form.querySelectorAll("[data-grid] > tbody > tr")];
  const goTo = (field) => {
    if (!field) return false;
    field.focus();
    if (field.select) field.select();
    return true;
  };
  const sideways = (field, step) => {
    const along = [...field.closest("tr").querySelectorAll("input[data-figure]:not([type=radio])")];
    return goTo(along[along.indexOf(field) + step]);
  };
  const upOrDown = (field, step) => {
    const cell = field.closest("td");
    const row = rows.indexOf(cell.parentElement);
    const column = cell.cellIndex;
    const place = fieldsIn(cell).indexOf(field);
    if (step > 0 && place >= 0 && place < fieldsIn(cell).length - 1) return goTo(fieldsIn(cell)[place + 1]);
    for (let at = row + step; rows[at]; at += step) {
      const found = rows[at].cells[Math.min(column, rows[at].cells.length - 1)];
      const fields = fieldsIn(found);
      if (fields.length) return goTo(fields[step > 0 ? 0 : fields.length - 1]);
    }
    return false;
  };
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !field.matches("input[data-figure]")) return;
    const isChoice = field.type === "radio";
    const keys = {
      Enter: () => upOrDown(field, event.shiftKey ? -1 : 1) || true,
      ArrowDown: () => !isChoice && upOrDown(field, 1),
      ArrowUp: () => !isChoice && upOrDown(field, -1),
      ArrowRight: () => !isChoice && field.selectionStart === field.value.length && sideways(field, 1),
      ArrowLeft: () => !isChoice && field.selectionEnd === 0 && sideways(field, -1),
    };
    if (Object.hasOwn(keys, event.key) && keys[event.key]()) event.preventDefault();
  });

  /* "No change": last period's number once more, without leaving the page. Typing over it takes it back. */
  const changed = (element) => element.dispatchEvent(new Event("input", { bubbles: true }));
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button.same");
    if (!button) return;
    event.preventDefault();
    const name = button.value;
    const amount = document.getElementById(`${name}-amount`);
    if (amount.type === "radio") form.querySelector(`[name="${name}-amount"][value="${button.dataset.amount}"]`).checked = true;
    else amount.value = button.dataset.amount;
    const base = document.getElementById(`${name}-base`);
    if (base) base.value = button.dataset.base;
    const status = document.getElementById(`${name}-status`);
    if (status) status.value = "";
    sayNoChange(button, true);
    changed(amount);
  });
  const sayNoChange = (button, said) => {
    button.setAttribute("aria-pressed", String(said));
    let mark = form.elements.namedItem(`${button.value}-same`);
    if (!mark) {
      mark = Object.assign(document.createElement("input"), { type: "hidden", name: `${button.value}-same` });
      button.after(mark);
    }
    mark.value = said ? "1" : "0";
  };
  form.addEventListener("input", (event) => {
    if (!event.isTrusted || !event.target.matches("input[data-figure]")) return;
    const button = event.target.closest("td").querySelector("button.same[aria-pressed=true]");
    if (button) sayNoChange(button, false);
  });

  /* Sending waits for a save that is under way: otherwise the form would conflict with itself. */
  const autosave = document.getElementById("autosave");
  let saving = false;
  let waiting = null;
  let dirty = form.dataset.unsaved === "true";
  autosave.addEventListener("htmx:beforeRequest", () => { saving = true; dirty = false; });
  autosave.addEventListener("htmx:afterRequest", (event) => {
    saving = false;
    if (!event.detail.successful) dirty = true;
    if (!waiting) return;
    const button = waiting;
    waiting = null;
    // after the swap, when the form holds the new version
    window.setTimeout(() => form.requestSubmit(button), 50);
  });
  form.addEventListener("input", () => { dirty = true; });

  /* Several cells from a spreadsheet: what is typed is saved first, then a page shows what the block changes. */
  const pasteForm = document.getElementById("paste-form");
  form.addEventListener("paste", (event) => {
    const field = event.target;
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!pasteForm || !field.matches("input[data-figure]") || !/[\t\n\r]/.test(text.trim())) return;
    event.preventDefault();
    pasteForm.elements.namedItem("block").value = text.replace(/[\r\n]+$/, "");
    pasteForm.elements.namedItem("at").value = field.id;
    if (!dirty && !saving) { pasteForm.submit(); return; }
    const go = () => { dirty = false; pasteForm.submit(); };
    autosave.addEventListener("htmx:afterRequest", () => window.setTimeout(go, 50), { once: true });
    if (!saving) window.htmx.trigger(autosave, "flush");
  });
  form.addEventListener("submit", (event) => {
    if (saving) {
      event.preventDefault();
      waiting = event.submitter;
      return;
    }
    dirty = false;
  });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
})();
