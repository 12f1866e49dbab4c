// The hall without its script is whole: this only looks again by itself and lets the clock run.
"use strict";
(() => {
  const live = () => document.getElementById("live");
  if (!live()) return;
  document.documentElement.classList.add("has-script");

  const written = (seconds) =>
    seconds > 0
      ? `${Math.floor(seconds / 60)} 分 ${String(seconds % 60).padStart(2, "0")} 秒`
      : "时间已到";

  // The seconds come from the platform; here they are only counted on.
  let shownAt = Date.now();
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-seconds]")) {
      const passed = Math.floor((Date.now() - shownAt) / 1000);
      clock.textContent = written(Math.max(Number(clock.dataset.seconds) - passed, 0));
    }
  };

  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = fresh.getElementById("live");
    const table = document.querySelector(".hall-table tbody");
    const nextTable = fresh.querySelector(".hall-table tbody");
    const stage = (page) => page.querySelector("#live .next strong")?.textContent;
    // Another stage brings other forms: then the whole page is asked for, unless somebody types.
    if (stage(fresh) !== stage(document) && !document.querySelector("form :focus")) {
      location.reload();
      return;
    }
    if (!next || live().contains(document.activeElement)) return;
    live().replaceChildren(...next.childNodes);
    if (table && nextTable && !table.contains(document.activeElement)) table.replaceWith(nextTable);
    shownAt = Date.now();
    tick();
  };

  const pause = () => (Number(live().dataset.refresh) + Math.random() * 3) * 1000;
  const again = () => setTimeout(() => look().catch(() => {}).finally(again), pause());
  setInterval(tick, 1000);
  again();
})();
