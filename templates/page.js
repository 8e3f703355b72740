(() => {
  "use strict";
  const all = (where, what) => [...where.querySelectorAll(what)];
  const left = 34 / 296, right = 8 / 296, top = 22 / 236, foot = 38 / 236;

  // A tile opens its card.
  const open = () => {
    const card = location.hash.startsWith("#rep-") && document.getElementById(location.hash.slice(1));
    if (card) card.open = true;
  };
  addEventListener("hashchange", open);
  all(document, ".tile").forEach(tile => tile.addEventListener("click", () => setTimeout(open)));
  open();

  // The cursor of a rep: the slider, the line in the plot and the crops move together.
  all(document, ".card").forEach(card => {
    const plot = card.querySelector(".plot"), slider = card.querySelector(".scrub input");
    const words = card.querySelector(".scrub output"), line = card.querySelector(".cursor");
    const from = +plot.dataset.from, to = +plot.dataset.to, crops = all(card, ".proofs li");
    const track = plot.dataset.track.split(";").filter(Boolean).map(row => row.split(" ").map(Number));
    const nearest = (list, time, key) => list.reduce((a, b) => Math.abs(key(b) - time) < Math.abs(key(a) - time) ? b : a);
    const show = () => {
      const share = slider.value / 1000, time = from + share * (to - from);
      line.style.left = 100 * (left + share * (1 - left - right)) + "%";
      line.hidden = false;
      crops.forEach(crop => crop.classList.remove("now"));
      if (crops.length) nearest(crops, time, crop => +crop.dataset.time).classList.add("now");
      const frame = track.length && nearest(track, time, row => row[0]);
      const clock = Math.floor(time / 60) + ":" + (time % 60).toFixed(1).padStart(4, "0");
      words.textContent = clock + " – " + (frame && Math.abs(frame[0] - time) < .15
        ? (frame[1] < 0 ? "arched " + -frame[1] : "rounded " + frame[1]) + "° ±" + Math.max(1, frame[2]) + "°" : "not measured here");
      slider.setAttribute("aria-valuetext", words.textContent);
    };
    // one press of an arrow key is one frame
    if (track.length) slider.step = 1000 / Math.max(1, track.length);
    const go = time => { slider.value = 1000 * (time - from) / (to - from); show(); };
    card.querySelector(".scrub").hidden = false;
    slider.addEventListener("input", show);
    crops.forEach(crop => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...crop.childNodes);
      crop.append(button);
      button.addEventListener("click", () => go(+crop.dataset.time));
    });
    const first = crops.find(crop => "worst" in crop.dataset) || crops[0];
    if (first) go(+first.dataset.time);
  });

  // The limit: up to which limit each rep is flagged was worked out by the program; "can't tell" is not in the list.
  const box = document.querySelector(".limit");
  if (box && box.dataset.reps) {
    const reps = box.dataset.reps.split(";").map(row => row.split(" ").map(Number));
    const slider = box.querySelector("input"), words = box.querySelector("output");
    const figure = document.querySelector(".dots"), line = figure.querySelector(".limit-line");
    const low = +figure.dataset.low, high = +figure.dataset.high, start = slider.value;
    const said = list => list.length < 2 ? list.join("") : list.slice(0, -1).join(", ") + " and " + list[list.length - 1];
    const show = () => {
      const limit = +slider.value, flagged = reps.filter(r => r[2] || limit <= r[1]);
      const other = flagged.filter(r => r[2] && limit > r[1]).map(r => r[0]);
      words.textContent = "At " + limit + "°: " + (flagged.length ? (flagged.length > 1 ? "reps " : "rep ") + said(flagged.map(r => r[0])) + " flagged" : "no rep flagged")
        + (other.length ? " (" + said(other) + " by another rule)" : "") + ".";
      slider.setAttribute("aria-valuetext", words.textContent);
      line.style.top = 100 * (top + (1 - (limit - low) / (high - low)) * (1 - top - foot)) + "%";
      line.hidden = slider.value === start;
    };
    slider.addEventListener("input", show);
    box.hidden = false;
    show();
  }

  // Notes are kept in this browser, when it lets a page do so.
  try {
    const page = "formcheck " + document.title + " " + document.querySelector(".clip").textContent + " ";
    all(document, "[data-keep]").forEach(field => {
      const key = page + field.dataset.keep;
      field.value = localStorage.getItem(key) || "";
      field.addEventListener("input", () => { try { localStorage.setItem(key, field.value); } catch (_) { /* full or forbidden */ } });
    });
    document.querySelector(".kept").hidden = false;
  } catch (_) { /* no storage for pages from files: the fields still print */ }

  addEventListener("beforeprint", () => all(document, ".card, .numbers").forEach(d => { d.open = true; }));
})();
