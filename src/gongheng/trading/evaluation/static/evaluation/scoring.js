// Saves each finding as soon as it is changed. The page works without it: buttons do the same.
"use strict";

(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const waiting = new Map();
  let line = Promise.resolve();

  const tell = (row, words, isWrong) => {
    const stamp = row.querySelector("[data-stamp]");
    stamp.textContent = words;
    stamp.classList.toggle("field-error", isWrong);
  };

  const isWhole = (row) => {
    const no = row.querySelector("input[name$='-passes'][value='0']");
    if (!no || !no.checked) return true;
    return row.querySelector("select").value !== "" && row.querySelector("textarea").value.trim() !== "";
  };

  const send = async (row) => {
    const data = new FormData();
    data.set("save", row.dataset.row);
    for (const field of row.querySelectorAll("input, select, textarea")) {
      if (field.type !== "radio" || field.checked) data.append(field.name, field.value);
    }
    tell(row, "正在保存", false);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: data,
        credentials: "same-origin",
        headers: { "X-CSRFToken": token, "X-Requested-With": "autosave" },
      });
      const told = (await answer.json()).rows.find((one) => one.code === row.dataset.row);
      if (told.number > 0) row.querySelector("input[name$='-number']").value = told.number;
      if (told.error) {
        tell(row, told.theirs ? `${told.error}另一个窗口保存的是：${told.theirs}` : told.error, true);
      } else {
        tell(row, `已保存 ${told.saved_at}`, false);
      }
    } catch {
      tell(row, "没有保存：网络中断或登录已过期。内容仍在页面上，恢复后请按“保存”。", true);
    }
  };

  const later = (row, delay) => {
    clearTimeout(waiting.get(row));
    waiting.set(row, setTimeout(() => {
      waiting.delete(row);
      // One after another: an answer brings the number that the next one must name.
      if (isWhole(row)) line = line.then(() => send(row));
      else tell(row, "不通过须选择法定情形并写明理由，填写后自动保存。", false);
    }, delay));
  };

  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) later(row, 0);
  });
  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) later(row, 1200);
  });
  addEventListener("beforeunload", (event) => {
    if (waiting.size) event.preventDefault();
  });
})();
